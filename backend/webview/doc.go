// Package webview mends what Wails leaves to the program about the web view.
//
// What: ReloadWhenGone loads the page again when the web view's own process has ended, killed or crashed. The page then
// finds its connections and open tabs, which are kept in Go. Trim gives back the memory that only the start has needed.
//
// Not: a second way to drive the window; that is Wails'. On other systems, and in builds without cgo, it does nothing:
// there the web view has its own way back.
package webview
