package backend

// Guarded runs f as a bound method runs.
func (a *AppState) Guarded(f func() error) (err error) {
	defer a.guard("test.guarded", &err)()
	return f()
}
