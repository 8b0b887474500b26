package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

const readAll = "\ndata \"tidio_properties\" \"all\" {}\n"

func providerWith(arguments string) string {
	return "provider \"tidio\" {\n" + arguments + "\n}\n" + readAll
}

func TestProvider_badConfiguration(t *testing.T) {
	key := `api_key = "k"` + "\n"
	for name, c := range map[string]struct{ arguments, want string }{
		"no key":        {"", `Missing Tidio credentials.*TIDIO_CLIENT_ID and TIDIO_CLIENT_SECRET.*TIDIO_API_KEY`},
		"empty key":     {`api_key = ""`, `Missing Tidio credentials`},
		"blank key":     {`api_key = " \n "`, `Invalid Tidio API key.*api_key cannot be used: the API key is empty`},
		"broken key":    {`api_key = "se\ncret"`, `Invalid Tidio API key.*line break`},
		"unknown key":   {`api_key = later("x")`, `Tidio credentials are not known yet.*TIDIO_API_KEY`},
		"unknown url":   {key + `base_url = later("x")`, `A provider setting is not known yet`},
		"no url":        {key + `base_url = "api.tidio.co"`, `is not a URL such as`},
		"empty url":     {key + `base_url = ""`, `is not a URL such as`},
		"ftp":           {key + `base_url = "ftp://api.example.com/"`, `scheme must be https`},
		"http":          {key + `base_url = "http://api.example.com/v1/"`, `would send the credentials unencrypted`},
		"almost local":  {key + `base_url = "http://localhost.example.com/"`, `would send the credentials unencrypted`},
		"userinfo":      {key + `base_url = "https://me:pw@api.example.com/"`, `contains a user name or password`},
		"query":         {key + `base_url = "https://api.example.com/v1/?a=b"`, `has a query`},
		"fragment":      {key + `base_url = "https://api.example.com/v1/#top"`, `has a fragment`},
		"retries":       {key + `max_retries = -1`, `between 0 and 20`},
		"wait":          {key + `max_retry_wait = "soon"`, `Invalid duration.*Got: "soon"`},
		"negative wait": {key + `max_retry_wait = "-1s"`, `Invalid duration`},
		"no unit":       {key + `request_timeout = "30"`, `Invalid duration`},
		"no time":       {key + `request_timeout = "0s"`, `Invalid duration`},
		"no requests":   {key + `requests_per_minute = 0`, `between 1 and`},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.NewCore(t).Apply(providerWith(c.arguments), acctest.Fails(c.want))
		})
	}
}

// Go goes around a proxy that it cannot read, and says nothing.
func TestProvider_brokenProxy(t *testing.T) {
	t.Setenv("NO_PROXY", "")
	t.Setenv("no_proxy", "")
	t.Setenv("HTTPS_PROXY", "http://user:hush%hush@proxy.example.com:8080")
	for _, credentials := range []string{`api_key = "k"`, "client_id = \"ci_k\"\nclient_secret = \"cs_k\""} {
		result := acctest.NewCore(t).Apply(providerWith(credentials+"\nbase_url = \"https://api.example.com/\""),
			acctest.Fails(`Invalid proxy address.*HTTPS_PROXY \(or https_proxy\).*%25 for %\. .*add api.example.com to NO_PROXY`))
		if strings.Contains(result.Errors(), "hush") {
			t.Errorf("it shows the address: %s", result.Errors())
		}
	}
}

func TestProvider_goodConfiguration(t *testing.T) {
	for name, c := range map[string]struct{ key, suffix, more string }{
		"as documented":     {key: acctest.Key},
		"no trailing slash": {key: acctest.Key, suffix: "/"},
		"key from a file":   {key: acctest.Key + `\n`},
		"all settings": {key: acctest.Key, more: "max_retries = 0\n max_retry_wait = \"0s\"\n request_timeout = \"1m\"\n" +
			" requests_per_minute = 1000"},
	} {
		t.Run(name, func(t *testing.T) {
			m := acctest.NewMock(t, tidiomock.Config{})
			acctest.NewCore(t).Apply(providerWith(fmt.Sprintf("api_key = \"%s\"\n base_url = %q\n %s", c.key,
				strings.TrimSuffix(m.URL, c.suffix), c.more)))
			expectRequests(t, m, "GET", "/properties", 1)
		})
	}
}

func TestProvider_environment(t *testing.T) {
	t.Parallel()
	m := acctest.NewMock(t, tidiomock.Config{})
	m.AddProperty(tidiomock.Property{Name: "seats", Type: "number"})
	show := readAll + "output \"names\" {\n  value = keys(data.tidio_properties.all.properties)\n}\n"
	w := acctest.NewWorkspace(t, m, show)
	expectContains(t, w.Expect(0, "plan"), `"seats"`)

	// The configuration comes before the environment.
	w.Write("provider \"tidio\" {\n  api_key = \"another\"\n}\n" + show)
	expectContains(t, w.Expect(1, "plan"), "Tidio does not accept the API key")

	// An empty one hides it, and the error says so.
	w.Write("provider \"tidio\" {\n  api_key = \"\"\n}\n" + show)
	expectContains(t, w.Expect(1, "plan"), "Missing Tidio credentials", "which hides TIDIO_API_KEY")

	bad := acctest.NewWorkspace(t, m, show, "TIDIO_BASE_URL=http://api.example.com/v1/")
	expectContains(t, bad.Expect(1, "plan"), "The environment variable TIDIO_BASE_URL cannot be used: it uses http")
}

// What the API may answer instead of what the contract says: each is an error that tells what to do
// next, and the state keeps the property.
func TestProvider_badReplies(t *testing.T) {
	t.Parallel()
	list := func(f tidiomock.Fault) tidiomock.Fault {
		f.Method, f.Route, f.Times = "GET", "/properties", -1
		return f
	}
	for name, c := range map[string]struct {
		fault tidiomock.Fault
		want  string
	}{
		"401": {
			tidiomock.Fault{Do: tidiomock.FailBefore, Status: 401},
			`Tidio does not accept the API key.*Settings > Developer.*Plus plan`,
		},
		"403": {tidiomock.Fault{Do: tidiomock.FailBefore, Status: 403}, `may not do this.*Plus plan`},
		"404": {
			tidiomock.Fault{Do: tidiomock.FailBefore, Status: 404},
			`base_url does not lead to the Tidio API.*Check base_url`,
		},
		"418": {
			tidiomock.Fault{Do: tidiomock.FailBefore, Status: 418, Message: "teapot"},
			`Could not read property.*"teapot"`,
		},
		"500":       {tidiomock.Fault{Do: tidiomock.FailBefore, Message: "it broke"}, `has a problem.*"it broke"`},
		"HTML":      {tidiomock.Fault{Do: tidiomock.HTML}, `could not be read.*text/html.*base_url`},
		"HTML 404":  {tidiomock.Fault{Do: tidiomock.HTML, Status: 404}, `base_url does not lead to the Tidio API`},
		"garbage":   {tidiomock.Fault{Do: tidiomock.Garbage}, `could not be read.*not JSON`},
		"truncated": {tidiomock.Fault{Do: tidiomock.TruncatedJSON}, `could not be read.*is incomplete`},
		"cut":       {tidiomock.Fault{Do: tidiomock.CutBody}, `could not be reached.*ended early`},
		"no reply":  {tidiomock.Fault{Do: tidiomock.CutBefore}, `could not be reached`},
		"huge":      {tidiomock.Fault{Do: tidiomock.Huge}, `could not be read.*larger than 16 MiB`},
		"429":       {tidiomock.Fault{Do: tidiomock.TooManyRequests}, `rate limit.*used up.*max_retry_wait`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, core := acctest.NewMock(t, tidiomock.Config{PageSize: 1}), acctest.NewCore(t)
			config := strings.Replace(m.Config(seats), "request_timeout",
				"max_retries = 0\n max_retry_wait = \"1s\"\n request_timeout", 1)
			core.Converge(config)
			m.AddProperty(tidiomock.Property{Name: "another", Type: "text"})
			m.Arm(list(c.fault))
			core.Plan(config, acctest.Fails(c.want))
			m.Disarm()
			core.Converge(config, acctest.Empty())
		})
	}
}

func TestProvider_redirectIsNotFollowed(t *testing.T) {
	var followed atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	t.Cleanup(elsewhere.Close)
	m := acctest.NewMock(t, tidiomock.Config{})
	m.Arm(tidiomock.Fault{Do: tidiomock.FailBefore, Status: http.StatusFound, Times: -1, Header: http.Header{
		"Location": {elsewhere.URL + "/v1/properties"},
	}})
	acctest.NewCore(t).Apply(m.Config(readAll),
		acctest.Fails(`base_url does not lead to the Tidio API.*redirects to 127\.0\.0\.1`))
	if followed.Load() != 0 {
		t.Error("the redirect was followed")
	}
}

func TestProvider_unreachable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	url := server.URL
	server.Close()
	acctest.NewCore(t).Apply(providerWith(fmt.Sprintf("api_key = \"k\"\n max_retries = 1\n base_url = %q", url)),
		acctest.Fails(`could not be reached.*HTTPS_PROXY`))
}
