package provider_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestCLIDataSource_transcript(t *testing.T) {
	t.Parallel()
	const text = "My order 4711 has not arrived"
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddConversation(tidiomock.Conversation{ID: "v1"})
	m.AddMessages("v1", tidiomock.Message{Content: text, CreatedAt: "2026-03-01T00:00:00Z"})

	open := transcript + `
output "when" {
  value = nonsensitive(data.tidio_messages.transcript.messages[*].created_at)
}

output "said" {
  value     = data.tidio_messages.transcript.messages[*].content
  sensitive = false
}
`
	w := acctest.NewWorkspace(t, m, open)
	expectContains(t, w.Expect(1, "plan"), "Output refers to sensitive values")
	w.Write(strings.Replace(open, "sensitive = false", "sensitive = true", 1))
	if said := w.Expect(0, "apply", "-auto-approve"); strings.Contains(said, text) {
		t.Errorf("the text was printed:\n%s", said)
	}
	expectContains(t, w.Expect(0, "output", "when"), "2026-03-01T00:00:00Z")
	var said []string
	if err := json.Unmarshal([]byte(w.Expect(0, "output", "-json", "said")), &said); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(said, []string{text}) {
		t.Errorf("the output is %q", said)
	}
}
