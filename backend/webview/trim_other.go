//go:build !linux

package webview

// Trim does nothing here.
func Trim() {}
