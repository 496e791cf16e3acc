// The transport of /try: the same content scripts as in the extension, the page's own service.
"use strict";

(async () => {
  const element = (id) => document.getElementById(id);
  const messages = await (await fetch("/try/messages.json")).json();
  let own = false;
  const transport = {
    async annotate(request) {
      const answer = await fetch("/api/v1/annotate", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        // The title and language of this page say nothing about a text that was pasted into it.
        body: JSON.stringify({
          ...request,
          url: element("address").value.trim() || null,
          title: own ? null : element("article").querySelector("h1").textContent,
          language: own ? null : element("article").lang,
        }),
      });
      const body = await answer.json().catch(() => null);
      if (!answer.ok) {
        throw new Error(body?.detail ?? `The service answered ${answer.status}.`);
      }
      return body;
    },
  };
  const controller = contextlibNews.start({ transport, messages, root: element("article") });
  window.contextlibNewsTry = controller;
  const tell = (text) => {
    element("status").textContent = text;
    document.documentElement.dataset.state = controller.state.status;
  };

  element("annotate").addEventListener("click", async () => {
    tell("Reading…");
    await controller.annotate();
    const { status, answer, error } = controller.state;
    if (status === "error") {
      tell(error);
      return;
    }
    const { checkworthy, matched } = answer.document;
    tell(`${answer.notes.length} notes. ${checkworthy} sentences state something checkable, ${matched} matched; the rest was not checked.`);
  });

  element("clear").addEventListener("click", () => {
    controller.clear();
    tell("");
  });

  element("use").addEventListener("click", () => {
    controller.clear();
    const article = element("article");
    const lines = element("own").value.split("\n").filter((line) => line.trim());
    article.replaceChildren(
      ...lines.map((line) => {
        const paragraph = document.createElement("p");
        paragraph.textContent = line;
        return paragraph;
      }),
    );
    article.dir = "auto";
    article.removeAttribute("lang");
    own = true;
    tell(lines.length ? "Your text is below." : "There is no text to show.");
  });
  document.documentElement.dataset.ready = "yes";
})();
