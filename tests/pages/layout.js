// What of the page's text a reader does not get to see: each piece with the reason.
() => {
  const width = document.documentElement.clientWidth;
  const found = [];
  const say = (why, text) => found.push(`${why}: ${text.trim().replace(/\s+/g, " ").slice(0, 60)}`);
  // Shown elsewhere on purpose: the link that appears when focused, column heads that stand beside every cell instead.
  const elsewhere = (element) =>
    element.closest(".skip") || (element.closest("thead") && getComputedStyle(element.closest("thead")).clipPath !== "none");
  const leftOut = (element) => element.closest("nav") && getComputedStyle(element.closest("nav")).display === "none";

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent;
    if (!text.trim() || elsewhere(element) || leftOut(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const shown = [...range.getClientRects()].filter((one) => one.width > 0 && one.height > 0);
    const box = element.closest("td, th, dd, dt, li, p, h1, h2, h3, caption, body").getBoundingClientRect();
    if (!shown.length || getComputedStyle(element).visibility !== "visible") say("not shown", text);
    if (shown.some((one) => one.left < -1 || one.right > width + 1)) say("beside the page", text);
    if (shown.some((one) => one.right > box.right + 1 || one.bottom > box.bottom + 3)) say("out of its box", text);
  }
  for (const element of document.body.querySelectorAll("*")) {
    const cuts = getComputedStyle(element).overflow !== "visible" && !elsewhere(element);
    const less = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
    if (cuts && less) say("cut off", element.textContent);
  }
  if (document.documentElement.scrollWidth > width) say("scrolls sideways", `${document.documentElement.scrollWidth} pixels`);
  return found;
}
