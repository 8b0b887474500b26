package provider_test

import (
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const offlinePage = "docs/guides/test-your-module-offline.md"

// The guide's curl commands do what it says of them, and so do the plans after them.
func TestGuide_rehearseThePanel(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	m.Seed()
	panel := httptest.NewServer(m.Panel())
	t.Cleanup(panel.Close)
	edit := func(block string) {
		t.Helper()
		// Whatever curl is refused is an error.
		script := "set -e\ncurl() { command curl --silent --show-error --fail \"$@\"; }\n" +
			strings.ReplaceAll(block, "http://127.0.0.1:8787", panel.URL)
		if out, err := exec.CommandContext(t.Context(), "sh", "-c", script).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	config := m.PublishedConfig(pageBlock(t, offlinePage, "terraform", "cont_2vh8m5xqtk"))
	const lena = "tidio_contact.lena"
	core.Converge(config)

	edit(pageBlock(t, offlinePage, "shell", `"label": "Subscription"`))
	core.Converge(config, acctest.Warns("Labels differ"), acctest.Plans(lena, acctest.Update))
	c, _ := m.Contact("cont_2vh8m5xqtk")
	if c.Phone == "" || c.Properties["plan"] != "enterprise" || c.Properties["seats"] == nil {
		t.Errorf("after the apply it is %+v", c)
	}

	edit(pageBlock(t, offlinePage, "shell", "/merge"))
	core.Plan(config, acctest.Warns(`missing from Tidio.*"plan"`), acctest.Fails("contact cont_2vh8m5xqtk.*whose id is .cont_y4d7nf2guc"))
	for name, want := range map[string]bool{"tier": true, "seat_count": true, "seats": false, "plan": false, "company": true} {
		if _, ok := m.Property(name); ok != want {
			t.Errorf("property %s is there: %t", name, ok)
		}
	}
	if _, ok := m.Contact("cont_w6k3zr9bpe"); ok || len(m.Contacts()) != 10 {
		t.Errorf("%d contacts are left", len(m.Contacts()))
	}
	core.Forget(lena) // the way out that the error names
}
