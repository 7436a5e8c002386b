// Package body finds the text of an article among all that a page shows. It
// splits a parsed page into lines, scores each with fitted weights and keeps those
// that are most likely the article's. Package extract calls it with what it found
// out of the page's metadata; the program in extract/fit makes the weights.
// crawler/extract/BODY.md describes the steps.
//
// It never changes the tree, and its time and memory are linear in the page's.
package body
