package acctest

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestMain(m *testing.M) { Main(m) }

const (
	jane  = "tidio_contact.jane"
	seats = "tidio_property.seats"
)

// janeWith is a contact with a name and more in its block.
func janeWith(name, more string) string {
	return fmt.Sprintf("resource \"tidio_contact\" \"jane\" {\n  name = %q\n%s\n}\n", name, more)
}

func propertyNamed(name string) string {
	return fmt.Sprintf("resource \"tidio_property\" \"seats\" {\n  name = %q\n  type = \"text\"\n}\n", name)
}

func expectAddresses(t *testing.T, c *Core, want ...string) {
	t.Helper()
	if got := c.Addresses(); !slices.Equal(got, want) {
		t.Errorf("the state has %q, want %q", got, want)
	}
}

func TestCore_lifeCycle(t *testing.T) {
	m := NewMock(t, tidiomock.Config{})
	c := NewCore(t)
	c.Plan(m.Config(janeWith("Jane", "")), Plans(jane, Create))
	expectAddresses(t, c)
	c.Converge(m.Config(janeWith("Jane", "")), Plans(jane, Create))
	c.ExpectState(jane, map[string]any{"name": "Jane", "email": nil, "id": m.Contacts()[0].ID})

	m.Arm(tidiomock.Fault{Method: "PATCH", Do: tidiomock.FailBefore, Status: 400})
	c.Apply(m.Config(janeWith("Joan", "")), Fails(`Could not update contact`))
	c.Apply(m.Config(janeWith("Joan", "")), Plans(jane, Update)) // it is not tainted
	c.Plan(m.Config(), Plans(jane, Delete))
	m.ChangeContact(m.Contacts()[0].ID, func(c *tidiomock.Contact) { c.Name = "Jean" })
	c.Plan(m.Config(janeWith("Joan", "")), WithoutRefresh(), Empty())
	c.Refresh(m.Config(janeWith("Joan", "")))
	c.ExpectState(jane, map[string]any{"name": "Jean"})

	c.Destroy(m.Config())
	expectAddresses(t, c)
	if left := m.Contacts(); len(left) != 0 || c.State(jane) != nil {
		t.Errorf("%v are left", left)
	}
}

func TestCore_import(t *testing.T) {
	m := NewMock(t, tidiomock.Config{})
	id := m.AddContact(tidiomock.Contact{Name: "Jane"}).ID
	config := m.Config(janeWith("Jane", ""))
	block := "import {\n  to = tidio_contact.jane\n  "
	for name, by := range map[string]string{
		"command": "", "id": block + fmt.Sprintf("id = %q\n}\n", id), "identity": block + fmt.Sprintf("identity = { id = %q }\n}\n", id),
	} {
		t.Run(name, func(t *testing.T) {
			c := NewCore(t)
			if by == "" {
				c.Import(config, jane, "no such id", Fails(`There is no contact`))
				c.Import(config, "tidio_contact.joan", id, Fails(`does not exist in the configuration`))
				c.Import(config, jane, id)
				c.Import(config, jane, id, Fails(`already managed`))
			}
			c.Converge(config+by, Empty())
			c.ExpectState(jane, map[string]any{"name": "Jane", "id": id})
			c.Forget(jane)
		})
	}
}

func TestCore_replacements(t *testing.T) {
	for _, first := range []bool{false, true} {
		t.Run(fmt.Sprintf("create_before_destroy %t", first), func(t *testing.T) {
			m := NewMock(t, tidiomock.Config{})
			c := NewCore(t)
			config := m.Config(janeWith("Jane", fmt.Sprintf("lifecycle {\n create_before_destroy = %t\n}", first)))
			c.Converge(config)
			before := c.State(jane)["id"]
			c.Converge(config, Replacing(jane), Plans(jane, Replace))
			c.Taint(jane)
			m.ResetRequests()
			c.Converge(config, Plans(jane, Replace))
			var order []string
			for _, r := range m.Requests() {
				if r.Method != http.MethodGet {
					order = append(order, r.Method)
				}
			}
			if want := []string{"DELETE", "POST"}; slices.Equal(order, want) == first || len(order) != 2 {
				t.Errorf("sent %q", order)
			}
			expectAddresses(t, c, jane)
			if all := m.Contacts(); len(all) != 1 || before == c.State(jane)["id"] {
				t.Errorf("the account has %v", all)
			}
		})
	}
}

// A data source follows what a refresh finds, and an import reads its object whatever the options say.
func TestCore_refreshReachesWhatDependsOnIt(t *testing.T) {
	m := NewMock(t, tidiomock.Config{})
	c := NewCore(t)
	const source = "data \"tidio_contact\" \"copy\" {\n  id = tidio_contact.jane.id\n}\n"
	id := m.AddContact(tidiomock.Contact{Name: "Jane"}).ID
	config := m.Config(janeWith("Jane", ""), source)
	c.Apply(config+fmt.Sprintf("import {\n  to = tidio_contact.jane\n  id = %q\n}\n", id), WithoutRefresh(), Plans(jane, NoOp))
	c.Plan(m.Config(), WithoutRefresh(), Plans(jane, Delete)) // knows what was imported
	m.ChangeContact(id, func(c *tidiomock.Contact) { c.Name = "Jean" })
	c.Refresh(config)
	c.ExpectState("data.tidio_contact.copy", map[string]any{"name": "Jean"})
}

// What fails halfway through a replacement is told by the state.
func TestCore_replacementsThatFail(t *testing.T) {
	m := NewMock(t, tidiomock.Config{})
	c := NewCore(t)
	config := m.Config(janeWith("Jane", "lifecycle {\n create_before_destroy = true\n}"))
	c.Apply(config)
	m.Arm(tidiomock.Fault{Method: "POST", Do: tidiomock.FailBefore, Status: 400})
	c.Apply(config, Replacing(jane), Fails(`Could not create the contact`))
	expectAddresses(t, c, jane)

	m.Arm(tidiomock.Fault{Method: "DELETE", Do: tidiomock.FailBefore, Status: 400})
	c.Apply(config, Replacing(jane), Fails(`Could not delete contact`))
	expectAddresses(t, c, jane, jane+" (deposed)")
	m.Arm(tidiomock.Fault{Method: "DELETE", Do: tidiomock.FailBefore, Status: 400, Times: 2})
	c.Apply(config, Replacing(jane), Fails(`Could not delete contact`))
	expectAddresses(t, c, jane, jane+" (deposed)", jane+" (deposed)+")
	c.Converge(config, Plans(jane+" (deposed)", Delete), Plans(jane, NoOp))
	expectAddresses(t, c, jane)
}

// Errors of one resource stop what needs it, and nothing else.
func TestCore_errorsStopWhatDependsOnThem(t *testing.T) {
	m := NewMock(t, tidiomock.Config{})
	c := NewCore(t)
	config := m.Config(propertyNamed("seats"), janeWith("Jane", "properties = { (tidio_property.seats.name) = \"7\" }"),
		"resource \"tidio_contact\" \"others\" {\n  count = 2\n  name  = \"Other ${count.index}\"\n}\n")
	m.Arm(tidiomock.Fault{Method: "POST", Route: "/properties", Do: tidiomock.FailBefore, Status: 400})
	c.Apply(config, Fails(`Could not create property "seats"`))
	expectAddresses(t, c, "tidio_contact.others[0]", "tidio_contact.others[1]")
	c.Converge(config, Plans(jane, Create), Plans("tidio_contact.others[1]", NoOp))
	c.ExpectState(jane, map[string]any{"properties": map[string]any{"seats": "7"}})
}

func TestCore_valuesKnownLater(t *testing.T) {
	m := NewMock(t, tidiomock.Config{})
	c := NewCore(t)
	source := "data \"tidio_property\" \"seats\" {\n  name = %s\n}\n"
	config := m.Config(propertyNamed("seats"), fmt.Sprintf(source, "tidio_property.seats.name"),
		janeWith("Jane", "  email = \"${later(\"jane\")}@example.com\"\n  phone = later(\"+4930123\")"))
	c.Plan(config, Fails(`No such property`)) // the name is known, and the source does not wait
	config = m.Config(propertyNamed("seats"), fmt.Sprintf(source, "tidio_property.seats.id == \"\" ? \"\" : \"seats\""),
		janeWith("Jane", "  email = \"${later(\"jane\")}@example.com\"\n  phone = later(\"+4930123\")"))
	c.Apply(config, Plans("data.tidio_property.seats", Read), Plans(jane, Create))
	c.ExpectState("data.tidio_property.seats", map[string]any{"type": "text"})
	c.ExpectState(jane, map[string]any{"email": "jane@example.com", "phone": "+4930123"})
	c.Apply(m.Config(propertyNamed("seats")))
	expectAddresses(t, c, seats)
	c.Plan(m.Config(), Plans(seats, Delete), Warns(`Properties stay in Tidio`))
}

func TestCore_badConfiguration(t *testing.T) {
	m := NewMock(t, tidiomock.Config{})
	for name, row := range map[string]struct{ block, want string }{
		"syntax":          {"resource {", `Unclosed configuration block`},
		"unknown block":   {"module \"x\" {\n}", `Unsupported block`},
		"unknown type":    {"resource \"tidio_x\" \"x\" {\n}", `does not have tidio_x`},
		"missing":         {"resource \"tidio_property\" \"x\" {\n  name = \"x\"\n}", `argument "type" is required`},
		"unsupported":     {janeWith("x", "colour = \"red\""), `Unsupported argument`},
		"a wrong value":   {janeWith("x", "email = \"x\""), `with tidio_contact.jane, email .*must be an e-mail address`},
		"a missing block": {janeWith("x", "email = tidio_property.x.id"), `(?i)unknown variable|no variable`},
	} {
		t.Run(name, func(t *testing.T) { NewCore(t).Apply(m.Config(row.block), Fails(row.want)) })
	}
	if sent := m.Requests(); len(sent) != 0 {
		t.Errorf("a configuration that is not valid cost %v", sent)
	}
}

// liar changes what a provider answers.
type liar struct {
	tfprotov6.ProviderServer
	plan  func(*tfprotov6.PlanResourceChangeResponse)
	apply func(*tfprotov6.ApplyResourceChangeResponse)
}

func (l liar) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := l.ProviderServer.PlanResourceChange(ctx, req)
	if l.plan != nil {
		l.plan(resp)
	}
	return resp, err
}

func (l liar) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := l.ProviderServer.ApplyResourceChange(ctx, req)
	if l.apply != nil {
		l.apply(resp)
	}
	return resp, err
}

func TestCore_holdsProvidersToTheirPromises(t *testing.T) {
	m := NewMock(t, tidiomock.Config{})
	c := NewCore(t)
	honest := c.serve
	schema := must(must(honest()).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})).ResourceSchemas["tidio_contact"]
	ty := typeOf(schema)
	set := func(v *tfprotov6.DynamicValue, name, value string) *tfprotov6.DynamicValue {
		values := unpack(v, ty).AsValueMap()
		values[name] = cty.StringVal(value)
		return pack(cty.ObjectVal(values))
	}
	lie := func(l liar, want string) {
		t.Helper()
		c.serve = func() (tfprotov6.ProviderServer, error) {
			server, err := honest()
			l.ProviderServer = server
			return l, err
		}
		c.Apply(m.Config(janeWith("Jane", "")), Fails(want))
		c.serve = honest
	}
	lie(liar{plan: func(resp *tfprotov6.PlanResourceChangeResponse) {
		resp.PlannedState = set(resp.PlannedState, "name", "Joan")
	}}, invalidPlan)
	plans := 0
	lie(liar{plan: func(resp *tfprotov6.PlanResourceChangeResponse) {
		plans++ // the id is the provider's own, but the plan of the apply has another one
		resp.PlannedState = set(resp.PlannedState, "id", fmt.Sprint(plans))
	}}, inconsistentPlan)
	lie(liar{apply: func(resp *tfprotov6.ApplyResourceChangeResponse) {
		resp.NewState = set(resp.NewState, "name", "Joan")
	}}, inconsistentResult)

	// It was created, so it is kept, and is tainted.
	c.Plan(m.Config(janeWith("Jane", "")), Plans(jane, Replace))
	c.ExpectState(jane, map[string]any{"name": "Joan"})
	c.Untaint(jane)
	c.Converge(m.Config(janeWith("Jane", "")), Plans(jane, NoOp))
}

// What Core asks of the provider is what the real engine asks of it: the account gets the same
// requests, command by command.
func TestCore_makesTheRequestsOfTheEngine(t *testing.T) {
	const source = "data \"tidio_property\" \"seats\" {\n  name = tidio_property.seats.name\n}\n"
	created := propertyNamed("seats") + janeWith("Jane", "properties = { (tidio_property.seats.name) = \"7\" }")
	changed := propertyNamed("seats") + source + janeWith("Joan", "lifecycle {\n create_before_destroy = true\n}")

	ours, theirs := NewMock(t, tidiomock.Config{}), NewMock(t, tidiomock.Config{})
	c, w := NewCore(t), NewWorkspace(t, theirs, "")
	contact := regexp.MustCompile(`/contacts/.+`)
	sent := func(m *Mock) (all []string) {
		for _, r := range m.Requests() {
			path := contact.ReplaceAllString(r.Path, "/contacts/{id}")
			all = append(all, fmt.Sprintf("%s %s %d %s", r.Method, path, r.Status, r.Body))
		}
		slices.Sort(all) // both visit resources in parallel
		m.ResetRequests()
		return all
	}
	for _, step := range []struct {
		config string
		run    func(config string, options ...Option) *Result
		args   []string
	}{
		{created, c.Apply, []string{"apply", "-auto-approve"}},
		{created, c.Plan, []string{"plan"}},
		{changed, c.Apply, []string{"apply", "-auto-approve"}},
		{changed, func(config string, options ...Option) *Result {
			return c.Plan(config, append(options, Replacing(jane), WithoutRefresh())...)
		}, []string{"plan", "-refresh=false", "-replace=" + jane}},
		{changed, c.Refresh, []string{"apply", "-refresh-only", "-auto-approve"}},
		{propertyNamed("other"), c.Apply, []string{"apply", "-auto-approve"}},
		{propertyNamed("other"), c.Destroy, []string{"destroy", "-auto-approve"}},
	} {
		step.run(ours.Config(step.config))
		w.Write(step.config)
		w.Expect(0, step.args...)
		if got, want := sent(ours), sent(theirs); !slices.Equal(got, want) {
			t.Errorf("%v: Core made\n%s\nthe engine\n%s", step.args, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
