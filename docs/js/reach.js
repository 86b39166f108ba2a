// A table that is wider than the page scrolls in a box of its own; whoever has only a keyboard must be able to get there.
function reach() {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) box.tabIndex = 0;
}
new MutationObserver(reach).observe(document.body, { childList: true, subtree: true });
reach();
