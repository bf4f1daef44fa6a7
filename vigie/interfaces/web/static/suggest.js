// Suggestions under the search boxes: territories, firms, activities, public calls. Without them every search still answers.
const PAUSE = 80;
let boxes = 0;
for (const input of document.querySelectorAll('form[action="/annuaire"] input[name="q"], form[action="/territoires"] input[name="q"]')) {
  const wanted = input.form.getAttribute("action") === "/territoires" ? ["Territoires"] : null;
  const list = document.createElement("div");
  list.id = `suggestions-${++boxes}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  input.parentElement.classList.add("suggested");
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);
  let waiting, asking, chosen = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const close = () => {
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (rank) => {
    const all = options();
    chosen = (rank + all.length + 1) % (all.length + 1);
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    const option = all[chosen];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };
  const show = (groups) => {
    let rank = 0;
    list.replaceChildren(...groups.map((group) => {
      const part = document.createElement("div");
      part.setAttribute("role", "group");
      part.setAttribute("aria-label", group.name);
      const title = document.createElement("p");
      title.textContent = group.name;
      title.setAttribute("aria-hidden", "true");
      part.append(title, ...group.items.map((item) => {
        const option = document.createElement("a");
        option.id = `${list.id}-${rank++}`;
        option.href = item.href;
        option.tabIndex = -1;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = item.label;
        if (item.detail) {
          const detail = document.createElement("span");
          detail.textContent = ` ${item.detail}`;
          option.append(detail);
        }
        return option;
      }));
      return part;
    }));
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !groups.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    const text = input.value.trim();
    if (text.length < 2) return close();
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`/suggestions?q=${encodeURIComponent(text)}`, { signal: asking.signal });
      if (answer.ok) show((await answer.json()).groups.filter((group) => !wanted || wanted.includes(group.name)));
    } catch {
      // Aborted by the next letter, or out of reach: the form still searches.
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      return close();
    }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? (chosen < 0 ? 0 : chosen + 1) : (chosen < 0 ? options().length - 1 : chosen - 1));
    } else if (event.key === "Enter" && options()[chosen]) {
      event.preventDefault();
      options()[chosen].click();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
}
