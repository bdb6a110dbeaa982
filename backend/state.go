package backend

// AppState maps connection ids to pools, tab ids to sessions and run ids to runs.
type AppState struct{}
