/* The interactive part of the figures of nnviz-docs: a switch between depths, zoom and full screen, and the way
   of a value through the model. Every figure reads without it. Nothing here is made from markup in a string, and
   sizes are set on elements' style objects, so that it works under the policy default-src 'self'. */
(() => {
  "use strict";

  const STEP = 1.3;
  const LARGEST = 10;
  const PANNED = 60;
  const ICONS = {
    out: "M3 8h10",
    in: "M3 8h10M8 3v10",
    fit: "M3.5 6a5 5 0 1 1-.3 3.5M3 2.5V6h3.5",
    full: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  };

  /** What restores the size of all drawings of a figure. */
  const resets = new WeakMap();
  let printing = false;

  /** Return a new element with attributes and children, which may be text. */
  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function button(label, content, act) {
    const made = element("button", { type: "button", title: label, "aria-label": label }, content);
    made.addEventListener("click", act);
    return made;
  }

  function icon(path) {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawn.setAttribute("viewBox", "0 0 16 16");
    drawn.setAttribute("aria-hidden", "true");
    drawn.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    drawn.firstChild.setAttribute("d", path);
    return drawn;
  }

  /**
   * Let a stage be zoomed: the picture gets larger, the stage keeps its size and is scrolled. Libraries that
   * transform the picture instead take touches, drags and selections from the page, zoomed or not.
   */
  function zoomable(stage) {
    const picture = stage.querySelector("svg");
    let scale = 1;
    let natural = null;

    function reset() {
      scale = 1;
      for (const style of [stage.style, picture.style]) {
        style.removeProperty("width");
        style.removeProperty("height");
      }
      stage.classList.remove("nnviz-zoomed");
    }

    /** Return the middle of what can be seen of the stage in the window. */
    function middle() {
      const { left, right, top, bottom } = stage.getBoundingClientRect();
      return [(left + right) / 2, (Math.max(top, 0) + Math.min(bottom, window.innerHeight)) / 2];
    }

    /** Zoom by a factor, around a point of the window. */
    function zoom(factor, [left, top] = middle()) {
      const before = picture.getBoundingClientRect();
      if (scale === 1) natural = before;
      const smallest = Math.min(1, stage.clientWidth / natural.width);
      const next = Math.min(LARGEST, Math.max(smallest, scale * factor));
      if (Math.abs(next - 1) < 0.01) return reset();
      if (scale === 1) stage.style.height = `${stage.clientHeight}px`;
      scale = next;
      stage.classList.add("nnviz-zoomed");
      picture.style.width = `${natural.width * scale}px`;
      picture.style.height = `${natural.height * scale}px`;
      const after = picture.getBoundingClientRect();
      pan(
        after.left - left + ((left - before.left) / before.width) * after.width,
        after.top - top + ((top - before.top) / before.height) * after.height,
      );
    }

    function pan(x, y) {
      stage.scrollBy({ left: x, top: y, behavior: "instant" });
    }

    stage.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls on
      event.preventDefault();
      zoom(event.deltaY < 0 ? STEP : 1 / STEP, [event.clientX, event.clientY]);
    }, { passive: false });
    stage.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && event.buttons === 1 && scale !== 1) pan(-event.movementX, -event.movementY);
    });
    return { zoom, reset, pan, isZoomed: () => scale !== 1 };
  }

  /** Let a picture show where a value comes from and goes to; return how a keyboard walks from box to box. */
  function traceable(stage, status) {
    const picture = stage.querySelector("svg");
    const boxes = [...picture.querySelectorAll(".nnviz-node")];
    const ways = [...picture.querySelectorAll("[data-way]")].map((mark) => {
      const [source, target, value] = mark.dataset.way.split(" ").map(Number);
      return { mark, source, target, value };
    });
    let walked = -1;

    /** Mark these ways and their ends, and nothing else. */
    function show(chosen, more = []) {
      for (const mark of picture.querySelectorAll(".nnviz-on")) mark.classList.remove("nnviz-on");
      const ends = chosen.flatMap((way) => [boxes[way.source], boxes[way.target]]);
      for (const mark of [...chosen.map((way) => way.mark), ...ends, ...more]) mark.classList.add("nnviz-on");
      picture.classList.toggle("nnviz-tracing", chosen.length + more.length > 0);
    }

    function ofBox(number) {
      return ways.filter((way) => way.source === number || way.target === number);
    }

    /** End the walk. */
    function clear() {
      walked = -1;
      status.textContent = "";
      show([]);
    }

    function name(box) {
      return box.querySelector("title").textContent;
    }

    /** Go to the next box, or to the one before it. */
    function walk(step) {
      walked = (walked + step + boxes.length + (walked < 0 && step < 0)) % boxes.length;
      const mine = ofBox(walked);
      const from = new Set(mine.filter((way) => way.target === walked).map((way) => name(boxes[way.source])));
      const to = new Set(mine.filter((way) => way.source === walked).map((way) => name(boxes[way.target])));
      show(mine, [boxes[walked]]);
      status.textContent = [
        name(boxes[walked]),
        from.size ? `from ${[...from].join(", ")}` : "",
        to.size ? `to ${[...to].join(", ")}` : "",
      ].filter(Boolean).join("; ");
      boxes[walked].scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
    }

    picture.addEventListener("pointerover", (event) => {
      const mark = event.target.closest(".nnviz-node, [data-way]");
      if (!mark) return show([]);
      const box = boxes.indexOf(mark);
      const way = ways.find((other) => other.mark === mark);
      if (way) show(ways.filter((other) => other.value === way.value));
      else show(ofBox(box), [mark]);
    });
    picture.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && show([]));
    stage.addEventListener("blur", clear);
    return { walk, clear };
  }

  /** Let a stage take keys: as long as it has the focus, and leaving all that the browser has a use for. */
  function keyed(stage, { zoom, reset, pan, isZoomed }, { walk, clear }) {
    const keys = {
      "+": () => zoom(STEP),
      "=": () => zoom(STEP),
      "-": () => zoom(1 / STEP),
      0: reset,
      n: () => walk(1),
      p: () => walk(-1),
      Escape: clear,
    };
    const panned = {
      ArrowLeft: () => pan(-PANNED, 0),
      ArrowRight: () => pan(PANNED, 0),
      ArrowUp: () => pan(0, -PANNED),
      ArrowDown: () => pan(0, PANNED),
    };
    stage.addEventListener("keydown", (event) => {
      const act = keys[event.key] ?? (isZoomed() ? panned[event.key] : undefined);
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key !== "Escape") event.preventDefault();
      event.stopPropagation(); // themes go to other pages at some of these keys
      act();
    });
    const title = stage.querySelector("title").textContent;
    stage.tabIndex = 0;
    stage.setAttribute("role", "group");
    stage.setAttribute("aria-label", `${title}, zoom with plus and minus, walk through it with n and p`);
  }

  /**
   * Return the buttons that switch between the drawings of a figure. One is open at a time, as without the script;
   * but a theme may open all of them to print, and then those that are not shown stay out of sight.
   */
  function depthSwitch(drawings) {
    const buttons = drawings.map((drawing) => {
      const title = drawing.querySelector("summary").textContent;
      return button(title, title.replace(/^\D+/, ""), () => choose(drawing));
    });
    function choose(chosen) {
      drawings.forEach((drawing, number) => {
        drawing.open = drawing === chosen;
        drawing.classList.toggle("nnviz-shown", drawing === chosen);
        buttons[number].setAttribute("aria-pressed", drawing === chosen);
      });
    }
    for (const drawing of drawings) {
      drawing.removeAttribute("name");
      // A search in the page opens what it finds.
      drawing.addEventListener("toggle", () => drawing.open && !printing && choose(drawing));
    }
    choose(drawings.find((drawing) => drawing.open));
    const label = element("span", { "aria-hidden": true }, "Depth");
    return element("div", { role: "group", "aria-label": "Depth" }, label, ...buttons);
  }

  function fullScreen(figure, resetAll) {
    const made = button("Full screen", icon(ICONS.full), () => {
      if (document.fullscreenElement === figure) document.exitFullscreen();
      else figure.requestFullscreen();
    });
    figure.addEventListener("fullscreenchange", () => {
      made.setAttribute("aria-pressed", document.fullscreenElement === figure);
      resetAll();
    });
    return made;
  }

  function enhance(figure) {
    const stages = [...figure.querySelectorAll(".nnviz-stage")];
    if (!stages.length || figure.classList.contains("nnviz-live")) return;
    figure.classList.add("nnviz-live");
    const status = element("div", { class: "nnviz-status", role: "status" });
    const zooms = stages.map((stage) => {
      const zoom = zoomable(stage);
      keyed(stage, zoom, traceable(stage, status));
      return zoom;
    });
    const resetAll = () => zooms.forEach((zoom) => zoom.reset());
    resets.set(figure, resetAll);
    const drawings = [...figure.querySelectorAll(":scope > .nnviz-depth")];
    const shown = () => zooms[stages.findIndex((stage) => stage.closest("details")?.open ?? true)];
    const controls = element("div", { class: "nnviz-controls" });
    if (drawings.length) controls.append(depthSwitch(drawings));
    controls.append(
      button("Zoom out", icon(ICONS.out), () => shown()?.zoom(1 / STEP)),
      button("Zoom in", icon(ICONS.in), () => shown()?.zoom(STEP)),
      button("Original size", icon(ICONS.fit), () => shown()?.reset()),
    );
    if (document.fullscreenEnabled) controls.append(fullScreen(figure, resetAll));
    figure.prepend(controls);
    figure.append(status);
  }

  function enhanceAll() {
    document.querySelectorAll(".nnviz").forEach(enhance);
  }

  window.addEventListener("beforeprint", () => {
    printing = true;
    for (const figure of document.querySelectorAll(".nnviz-live")) resets.get(figure)();
  });
  window.addEventListener("afterprint", () => {
    printing = false;
  });

  // Material for MkDocs puts a new page into the old document, and says so here.
  if (window.document$) window.document$.subscribe(enhanceAll);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", enhanceAll);
  else enhanceAll();
})();
