package provider_test

import (
	"encoding/json"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
)

// editState changes every instance in the state of a workspace, as if another version of the
// provider, or another engine, had written it.
func editState(t *testing.T, w *acctest.Workspace, edit func(instance map[string]any)) {
	t.Helper()
	const file = "terraform.tfstate"
	var state map[string]any
	if err := json.Unmarshal([]byte(w.ReadFile(file)), &state); err != nil {
		t.Fatal(err)
	}
	for _, resource := range state["resources"].([]any) {
		for _, instance := range resource.(map[string]any)["instances"].([]any) {
			edit(instance.(map[string]any))
		}
	}
	edited, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	w.WriteFile(file, string(edited))
}
