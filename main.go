package main

import (
	"embed"
	"io/fs"
	"log"

	"desktop.tusk/backend"
	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
)

//go:embed all:frontend/dist
var assets embed.FS

func main() {
	dist, err := fs.Sub(assets, "frontend/dist")
	if err != nil {
		log.Fatal(err)
	}
	if err := wails.Run(&options.App{
		Title:       "Tusk",
		Width:       1280,
		Height:      800,
		AssetServer: &assetserver.Options{Assets: dist},
		Bind:        []any{&backend.Connections{}, &backend.Queries{}, &backend.System{}},
		Linux:       &linux.Options{ProgramName: "tusk", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
	}); err != nil {
		log.Fatal(err)
	}
}
