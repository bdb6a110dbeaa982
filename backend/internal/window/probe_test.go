//go:build linux && walks

package window_test

import (
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
)

func TestProbeFirst(t *testing.T) {
	for range 5 {
		t.Run("x", func(t *testing.T) {
			w := open(t, pgtest.DB(t))
			w.replace("select g, md5(g::text) a, g*2 b, now() c from generate_series(1, 200) g")
			time.Sleep(3 * time.Second)
			w.eval(`window.__p = {};
addEventListener('keydown', (e) => { if (e.key === 'Enter') window.__p.key ??= performance.now() }, true);
const q = window.go.backend.Queries, f = q.Execute;
q.Execute = async (...a) => { const r = await f(...a); window.__p.answer ??= performance.now(); return r };
new MutationObserver(() => { if (!window.__p.cells && [...document.querySelectorAll('[role=grid]:not([aria-hidden]) [role=gridcell]')].length > 50) { window.__p.cells = performance.now(); requestAnimationFrame(() => { window.__p.frame = performance.now(); setTimeout(() => window.__p.after = performance.now()) }) } }).observe(document.body, { subtree: true, childList: true });
`, nil)
			time.Sleep(500 * time.Millisecond)
			w.keys("ctrl+Return")
			w.wait("cells", "window.__p.after")
			var p struct{ Key, Answer, Cells, Frame, After float64 }
			w.eval(`return window.__p`, &p)
			t.Logf("answer %.0f cells %.0f frame %.0f after %.0f", p.Answer-p.Key, p.Cells-p.Key, p.Frame-p.Key, p.After-p.Key)
		})
	}
}
