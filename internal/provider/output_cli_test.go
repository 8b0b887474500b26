package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// What many objects have in common is said once, or in few words: an output of hundreds of lines is not read.
func TestCLIOutput_ofManyObjects(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	config := func(provider, label string) string {
		return fmt.Sprintf(`%s
resource "tidio_property" "many" {
  count = 30
  name  = "field_${count.index}"
  label = "%s ${count.index}"
  type  = "text"
}
`, provider, label)
	}
	w := acctest.NewWorkspace(t, m, config("", "Field"))
	w.Expect(0, "apply", "-auto-approve")

	for _, row := range []struct {
		config    string
		fewerThan int
		contains  string
	}{
		{config("", "New"), 60, "(and 29 more similar warnings elsewhere)"},
		{config("provider \"tidio\" {\n  api_key = \"wrong\"\n}\n", "Field"), 310, "made in the Tidio panel"},
	} {
		w.Write(row.config)
		result := w.Run("plan")
		if lines := strings.Count(result.Stdout+result.Stderr, "\n"); lines >= row.fewerThan {
			t.Errorf("%d lines, want fewer than %d:\n%s%s", lines, row.fewerThan, result.Stdout, result.Stderr)
		}
		expectContains(t, result.Text(), row.contains)
	}
}
