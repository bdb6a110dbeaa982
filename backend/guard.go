package backend

import (
	"fmt"
	"runtime/debug"
	"time"

	"desktop.tusk/backend/apperr"
)

// guard is the first line of every bound method, deferred with a pointer to its named error. It waits for the state to
// be open, turns a panic into an error (one that escapes would leave the page's promise pending for ever), makes every
// error an *apperr.Error and logs it once. quiet names kinds that are a matter of course.
func (a *AppState) guard(op string, err *error) func() {
	<-a.open
	begin := time.Now()
	return func() {
		if p := recover(); p != nil {
			*err = apperr.E(apperr.Internal, "", apperr.Op(op), apperr.Cause(fmt.Errorf("panic: %v\n%s", p, debug.Stack())))
		}
		if *err == nil {
			return
		}
		e := apperr.From(*err)
		*err = e
		a.logError(op, e, time.Since(begin))
	}
}

// logError writes the fields of an error that say nothing about anybody's data.
func (a *AppState) logError(op string, e *apperr.Error, took time.Duration) {
	event := a.log.Info()
	if e.Kind == apperr.Internal {
		event = a.log.Error().AnErr("cause", e.Unwrap())
	}
	event.Str("op", op).Str("kind", string(e.Kind)).Str("code", e.Code).Dur("took", took).Msg("failed")
}
