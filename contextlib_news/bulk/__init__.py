"""Many pages: files of pages in, Parquet files of notes out, on all cores or on a cluster.

``inputs -> plan -> parts``: each input is cut into units of some hundred pages (``plan``), each
unit becomes one part of the output (``work``), written aside and moved there in one step
(``parts``). What is done is what is there, so that a run which was killed goes on where it stopped.
Needs the extra ``bulk``.
"""
