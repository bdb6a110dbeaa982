//go:build !(linux && cgo && desktop)

package webview

// ReloadWhenGone does nothing here.
func ReloadWhenGone() {}
