package provider_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// says matches a message however the engine has wrapped it.
func says(pattern string) *regexp.Regexp {
	return regexp.MustCompile("(?s)" + strings.ReplaceAll(pattern, " ", `\s+`))
}
