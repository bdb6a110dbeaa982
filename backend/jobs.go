package backend

import (
	"time"

	"desktop.tusk/backend/apperr"
)

// tellWhile does a job and tells the window its state: at the beginning, and then as often as eventEvery when it has come
// further. The end is told by the caller.
func (a *AppState) tellWhile(event string, far func() int, state func() any, do func() error) error {
	err := error(apperr.E(apperr.Internal, "")) // what stays when do panics
	done := make(chan struct{})
	a.start(func() {
		defer close(done)
		err = do()
	})
	tick := time.NewTicker(eventEvery)
	defer tick.Stop()
	told := far()
	a.config.Desktop.Emit(event, state())
	for {
		select {
		case <-tick.C:
			if now := far(); now != told {
				told = now
				a.config.Desktop.Emit(event, state())
			}
		case <-done:
			return err
		}
	}
}
