package secret_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"desktop.tusk/backend/secret"
)

// TestNeverPrinted formats and marshals both types, alone and inside others, in every way there is.
func TestNeverPrinted(t *testing.T) {
	t.Parallel()
	const canary = "kanarienvogel-7Q"
	s := secret.New(canary)
	for _, v := range []any{
		s, &s, secret.Typed(canary), struct{ S secret.Secret }{s}, struct{ T secret.Typed }{canary}, []secret.Secret{s}, map[string]secret.Typed{"x": canary},
		fmt.Errorf("wrapped: %v %v", s, secret.Typed(canary)),
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			if out := fmt.Sprintf(verb, v); strings.Contains(out, canary) || strings.Contains(out, fmt.Sprintf("%x", canary)) {
				t.Errorf("%s of %T: %s", verb, v, out)
			}
		}
		if out, err := json.Marshal(v); err != nil || strings.Contains(string(out), canary) {
			t.Errorf("JSON of %T: %s, %v", v, out, err)
		}
	}
	var in struct{ Password secret.Typed }
	if err := json.Unmarshal([]byte(`{"password":"`+canary+`"}`), &in); err != nil || in.Password.Secret().Reveal() != canary || in.Password.Secret() != s {
		t.Errorf("a request is read as %q, %v", in.Password.Secret().Reveal(), err)
	}
}
