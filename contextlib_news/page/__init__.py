"""From a page as it comes to a document: text, blocks, sentences, links, citations."""
