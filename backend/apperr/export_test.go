package apperr

// Kinds lists the vocabulary, and States the SQLSTATEs that have a row of their own.
func Kinds() (list []Kind) {
	for k := range kinds {
		list = append(list, k)
	}
	return list
}

// States gives the keys of the tables of SQLSTATEs.
func States() map[string]bool {
	all := map[string]bool{}
	for k := range states {
		all[k] = true
	}
	for k := range titles {
		all[k] = true
	}
	for k := range hints {
		all[k] = true
	}
	return all
}
