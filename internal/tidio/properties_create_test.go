package tidio

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

var (
	plan     = NewProperty{Name: "plan", Label: "Plan", Type: "text"}
	planMock = tidiomock.Property{Name: "plan", Label: "Plan", Type: "text"}
)

// What may be sent: the POST, and the look at the list.
const (
	post = "POST properties"
	look = "GET properties"
)

// steps are the requests that the mock got.
func (a account) steps() []string { return a.sent() }

// isThere fails the test unless the account has exactly one property, and that is the one.
func (a account) isThere(t *testing.T, created CreatedProperty) {
	t.Helper()
	have := a.mock.Properties()
	if len(have) != 1 || have[0].ID != created.ID || have[0].Name != created.Name {
		t.Errorf("got %+v, and the account has %+v", created, have)
	}
}

// One request is a create: what its reply leaves open is as it was sent, and the next refresh shows it.
func TestCreateProperty_isOneRequest(t *testing.T) {
	for name, test := range map[string]struct {
		replies   tidiomock.Replies
		steps     []string
		recovered bool
	}{
		"all":                  {tidiomock.Replies{}, []string{post}, false},
		"all, wrapped":         {tidiomock.Replies{WrapSingle: true}, []string{post}, false},
		"the id":               {tidiomock.Replies{Write: tidiomock.IDOnly}, []string{post}, false},
		"the id, wrapped":      {tidiomock.Replies{Write: tidiomock.IDOnly, WrapSingle: true}, []string{post}, false},
		"nothing: it is found": {tidiomock.Replies{Write: tidiomock.EmptyBody}, []string{post, look}, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{Replies: test.replies}, nil)
				created, err := api.CreateProperty(t.Context(), plan, PropertyList{Complete: true})
				succeeds(t, err)
				api.isThere(t, created)
				want := CreatedProperty{
					Property: Property{ID: created.ID, Name: "plan", Label: "Plan", Type: "text"}, Recovered: test.recovered,
				}
				equal(t, "created", created, want)
				same(t, "requests", api.steps(), test.steps)
			})
		})
	}
}

func TestCreateProperty_withoutLabel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		created, err := api.CreateProperty(t.Context(), NewProperty{Name: "plan", Type: "text"}, PropertyList{Complete: true})
		succeeds(t, err)
		equal(t, "label", created.Label, "plan")
		same(t, "requests", api.steps(), []string{post}) // what nobody sent is not worth a request each
	})
}

// An outcome that nobody knows is found out, and never is there a second property.
func TestCreateProperty_findsOutWhatBecameOfIt(t *testing.T) {
	for name, test := range map[string]struct {
		fault tidiomock.Fault
		steps []string
		ours  bool // claimed
	}{
		"500 before the effect":    {tidiomock.Fault{Do: tidiomock.FailBefore}, []string{post, look, post}, false},
		"500 after the effect":     {tidiomock.Fault{Do: tidiomock.FailAfter}, []string{post, look}, true},
		"408 after the effect":     {tidiomock.Fault{Do: tidiomock.FailAfter, Status: 408}, []string{post, look}, true},
		"400 after the effect":     {tidiomock.Fault{Do: tidiomock.FailAfter, Status: 400, Message: "It exists."}, []string{post, look}, false},
		"cut before the effect":    {tidiomock.Fault{Do: tidiomock.CutBefore}, []string{post, look, post}, false},
		"cut after the effect":     {tidiomock.Fault{Do: tidiomock.CutAfter}, []string{post, look}, true},
		"cut within the reply":     {tidiomock.Fault{Do: tidiomock.CutBody}, []string{post, look}, true},
		"truncated reply":          {tidiomock.Fault{Do: tidiomock.TruncatedJSON}, []string{post, look}, true},
		"garbage":                  {tidiomock.Fault{Do: tidiomock.Garbage}, []string{post, look}, true},
		"JSON without an id":       {tidiomock.Fault{Do: tidiomock.Garbage, Body: []byte(`{"ok":1}`)}, []string{post, look}, true},
		"huge reply":               {tidiomock.Fault{Do: tidiomock.Huge}, []string{post, look}, true},
		"login page":               {tidiomock.Fault{Do: tidiomock.HTML}, []string{post, look, post}, false},
		"no reply in time":         {tidiomock.Fault{Do: tidiomock.HoldAfter}, []string{post, look}, true},
		"429 without effect":       {tidiomock.Fault{Do: tidiomock.TooManyRequests}, []string{post, post}, false},
		"twice 500, no effect":     {tidiomock.Fault{Do: tidiomock.FailBefore, Times: 2}, []string{post, look, post, look, post}, false},
		"no effect until too late": {tidiomock.Fault{Do: tidiomock.HoldBefore}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{}, nil)
				test.fault.Method = http.MethodPost
				api.arm(t, test.fault)
				created, err := api.CreateProperty(t.Context(), plan, PropertyList{Complete: true})
				if test.fault.Status == 400 { // refused, and there all the same: somebody else's
					equal(t, "may have landed", failure(t, err, Exists).OutcomeUnknown, false)
					same(t, "requests", api.steps(), test.steps)
					return
				}
				succeeds(t, err)
				api.isThere(t, created)
				equal(t, "claimed", created.Recovered, test.ours)
				if test.steps != nil {
					same(t, "requests", api.steps(), test.steps)
				}
			})
		})
	}
}

func TestCreateProperty_givesUpAfterItsRetries(t *testing.T) {
	for name, test := range map[string]struct {
		retries int
		steps   []string
	}{
		"none": {0, []string{post, look}},
		"two":  {2, []string{post, look, post, look, post, look}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{}, func(o *Options) { o.MaxRetries = test.retries })
				api.mock.Arm(tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailBefore, Times: -1})
				_, err := api.CreateProperty(t.Context(), plan, PropertyList{Complete: true})
				equal(t, "may have landed", failure(t, err, ServerError).OutcomeUnknown, true)
				same(t, "requests", api.steps(), test.steps)
			})
		})
	}
}

// A create that was answered by nothing but a 2xx has succeeded, whatever became of its label; and
// it is not sent again while the list does not show it yet.
func TestCreateProperty_acceptedWithoutAWord(t *testing.T) {
	for name, absent := range map[string]bool{"proven absent": true, "not proven absent": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				looks := 0
				api := &fakeAPI{answer: func(req *http.Request) *http.Response {
					if req.Method == http.MethodPost {
						return response(http.StatusCreated, "")
					}
					if looks++; looks == 1 {
						return response(http.StatusOK, `{"data":[]}`)
					}
					return response(http.StatusOK, `{"data":[{"id":"x","name":"plan","label":"PLAN","type":"text"}]}`)
				}}
				options := testOptions(t, api)
				options.MaxRetries = 1
				client := New(options)
				created, err := client.CreateProperty(t.Context(), plan, PropertyList{Complete: absent})
				succeeds(t, err)
				equal(t, "id", created.ID, "x")
				equal(t, "label", created.Label, "PLAN")
				same(t, "requests", api.sent(), []string{post, look, look})
			})
		})
	}
}

func TestCreateProperty_takesOnlyWhatIsProvenOurs(t *testing.T) {
	for name, test := range map[string]struct {
		in     NewProperty
		absent bool
		there  string // the list after a POST that ended in a 500
		ours   bool
	}{
		"as sent":             {plan, true, `{"id":"x","name":"plan","label":"Plan","type":"text"}`, true},
		"not proven absent":   {plan, false, `{"id":"x","name":"plan","label":"Plan","type":"text"}`, false},
		"other type":          {plan, true, `{"id":"x","name":"plan","label":"Plan","type":"url"}`, false},
		"other label":         {plan, true, `{"id":"x","name":"plan","label":"Plans","type":"text"}`, false},
		"no label":            {plan, true, `{"id":"x","name":"plan","type":"text"}`, false},
		"label was not sent":  {NewProperty{Name: "plan", Type: "text"}, true, `{"id":"x","name":"plan","label":"Any","type":"text"}`, true},
		"label is its name":   {NewProperty{Name: "plan", Label: "plan", Type: "text"}, true, `{"id":"x","name":"plan","type":"text"}`, true},
		"among others":        {plan, true, `{"id":"w","name":"Plan","type":"text"},{"id":"x","name":"plan","label":"Plan","type":"text"}`, true},
		"only a like-named":   {plan, true, `{"id":"x","name":"Plan","label":"Plan","type":"text"}`, false},
		"nothing of the sort": {plan, true, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, func(req *http.Request) *http.Response {
				if req.Method == http.MethodPost {
					return response(http.StatusInternalServerError, "")
				}
				return response(http.StatusOK, `{"data":[`+test.there+`]}`)
			})
			created, err := client.CreateProperty(t.Context(), test.in, PropertyList{Complete: test.absent})
			same(t, "requests", api.sent(), []string{post, look})
			if test.ours {
				succeeds(t, err)
				equal(t, "id", created.ID, "x")
				equal(t, "claimed", created.Recovered, true)
				return
			}
			want := Exists
			if !strings.Contains(test.there, `"name":"plan"`) {
				want = ServerError
			}
			failed := failure(t, err, want)
			equal(t, "may have landed", failed.OutcomeUnknown, true)
			if want == Exists {
				equal(t, "existing", failed.Existing.ID, "x")
			}
		})
	}
}

func TestCreateProperty_ofANameThatIsTaken(t *testing.T) {
	t.Run("by somebody in between", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newAccount(t, tidiomock.Config{}, nil)
			theirs := api.mock.AddProperty(planMock)
			_, err := api.CreateProperty(t.Context(), plan, PropertyList{Complete: true})
			failed := failure(t, err, Exists)
			equal(t, "existing", *failed.Existing, Property{ID: theirs.ID, Name: "plan", Label: "Plan", Type: "text"})
			equal(t, "may have landed", failed.OutcomeUnknown, false)
			equal(t, "hidden", failed.Hidden, false)
			same(t, "requests", api.steps(), []string{post, look})
		})
	})
	t.Run("in another case", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newAccount(t, tidiomock.Config{}, nil)
			theirs := api.mock.AddProperty(tidiomock.Property{Name: "PLAN", Type: "text"})
			api.arm(t, tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailBefore, Status: http.StatusConflict})
			_, err := api.CreateProperty(t.Context(), plan, api.listed())
			equal(t, "existing", failure(t, err, Exists).Existing.ID, theirs.ID)
			same(t, "requests", api.steps(), []string{post, look})
		})
	})
	t.Run("by ours, which landed late", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			// The POST is not there at the first look, and when it is sent again, it is refused.
			api := newAccount(t, tidiomock.Config{}, nil)
			api.arm(t, tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailBefore})
			lands := time.AfterFunc(100*time.Millisecond, func() { api.mock.AddProperty(planMock) })
			defer lands.Stop()
			created, err := api.CreateProperty(t.Context(), plan, PropertyList{Complete: true})
			succeeds(t, err)
			api.isThere(t, created)
			equal(t, "claimed", created.Recovered, true)
			same(t, "requests", api.steps(), []string{post, look, post, look})
		})
	})
	t.Run("by one that is hidden", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newAccount(t, tidiomock.Config{}, nil)
			api.mock.AddProperty(planMock)
			api.mock.HideProperty("plan")
			_, err := api.CreateProperty(t.Context(), plan, PropertyList{Complete: true})
			failed := failure(t, err, BadRequest)
			equal(t, "hidden", failed.Hidden, true)
			contains(t, "message", failed.Message, "already exists")
			same(t, "requests", api.steps(), []string{post, look})
		})
	})
	t.Run("by one that an incomplete list may have missed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
			for _, name := range []string{"a", "b", "plan"} {
				api.mock.AddProperty(tidiomock.Property{Name: name, Label: name, Type: "text"})
			}
			api.mock.HideProperty("plan")
			api.mock.AddProperty(tidiomock.Property{Name: "c", Type: "text"})
			api.arm(t, tidiomock.Fault{Method: http.MethodGet, Skip: 1, Times: -1, Do: tidiomock.InsertBetween})
			_, err := api.CreateProperty(t.Context(), plan, PropertyList{Complete: true})
			equal(t, "hidden", failure(t, err, BadRequest).Hidden, false)
		})
	})
}
