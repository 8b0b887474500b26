package provider_test

import (
	"fmt"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

// A state that was written over one API, and credentials of the other, in whose account no id is known: nothing
// is gone, and nothing but GET is sent.
func TestFormat_otherCredentials(t *testing.T) {
	t.Parallel()
	const n = 3
	blocks := func(more string) string {
		return fmt.Sprintf("resource \"tidio_property\" \"p\" {\n  count = %d\n  name = \"p${count.index}\"\n  type = \"text\"\n}\n"+
			"resource \"tidio_contact\" \"c\" {\n  count = %d\n  email = \"c${count.index}@example.com\"\n  %s\n}\n", n, n, more)
	}
	const distinctID = "distinct_id = \"u-${count.index}\""
	v1 := func(m *acctest.Mock) string { return m.Config(blocks("")) }
	published := func(m *acctest.Mock) string { return m.PublishedConfig(blocks(distinctID)) }
	for name, c := range map[string]struct {
		before, after func(*acctest.Mock) string
		fails         string
	}{
		"from v1":   {v1, published, `was managed through the other API.*through v1 \(api_key\), and the published API`},
		"back over": {published, v1, `was managed through the other API.*through the published API \(client_id\), and v1`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, other := acctest.NewMock(t, tidiomock.Config{}), acctest.NewMock(t, tidiomock.Config{})
			for i := range n {
				m.AddProperty(tidiomock.Property{ID: fmt.Sprintf("id-%d", i), Name: fmt.Sprintf("p%d", i), Type: "text"})
			}
			core := acctest.NewCore(t)
			imports := ""
			for i := range n {
				imports += fmt.Sprintf("import {\n  to = tidio_property.p[%d]\n  id = \"p%d\"\n}\n", i, i)
			}
			core.Apply(c.before(m) + imports)

			fails := []string{c.fails}
			for i := range n {
				fails = append(fails, fmt.Sprintf(`Property "p%d" was managed`, i))
			}
			result := core.Plan(c.after(other), acctest.Fails(append(fails, "guides/move-between-apis")...))
			if len(result.Diagnostics) != 2*n {
				t.Errorf("%d diagnostics, want %d: %v", len(result.Diagnostics), 2*n, result.Diagnostics)
			}
			if warnings := result.Warnings(); warnings != "" {
				t.Errorf("beside the errors it warns: %s", warnings)
			}
			core.Refresh(c.after(other), acctest.Fails(c.fails))
			core.Destroy(c.after(other), acctest.Fails(c.fails))
			expectOnlyReads(t, other)
			if got := len(core.Addresses()); got != 2*n {
				t.Errorf("the state has %d objects, want %d", got, 2*n)
			}

			// A delete without a look before it is no proof either.
			core.Destroy(c.after(other), acctest.WithoutRefresh(), acctest.Fails(`Contact .* was managed through the other API`))
			expectOnlyReads(t, other)
			core.Destroy(c.before(m), acctest.WithoutRefresh())
		})
	}
}

// Where both APIs lead to one account, an object goes on: what the new one lacks is forgotten and not cleared, and a
// refresh notes where the object is, so that one that is deleted later is gone.
func TestFormat_oneAccount(t *testing.T) {
	t.Parallel()
	m, core := acctest.NewMock(t, tidiomock.Config{}), acctest.NewCore(t)
	published := m.PublishedConfig(contact("distinct_id = \"u-1\""))
	core.Converge(m.Config(contact("name = \"Jane Doe\"")))
	id := onlyContact(t, m).ID
	m.ChangeContact(id, func(c *tidiomock.Contact) { c.Name, c.FirstName, c.LastName = "", "Jane", "Doe" }) // over v1 the same
	core.Refresh(published)
	core.ExpectState(jane, attributes{"name": nil, "email": "jane@example.com"})
	core.Converge(published, acctest.Plans(jane, acctest.Update))
	if now := onlyContact(t, m); now.FirstName != "Jane" || now.LastName != "Doe" {
		t.Errorf("in Tidio it is %+v", now)
	}

	core.Refresh(m.Config(contact("")))
	m.DeleteContact(id)
	core.Refresh(m.Config(contact("")), acctest.Warns("is gone from Tidio"))
	if left := core.Addresses(); len(left) != 0 {
		t.Errorf("the state has %q", left)
	}
}
