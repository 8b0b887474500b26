package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidio"
)

// The advice for users who can use either API.
const bothCredentials = "Set the environment variables TIDIO_CLIENT_ID and TIDIO_CLIENT_SECRET. Create both in the " +
	"Tidio panel under Developer > OpenAPI. For the v1 API, set TIDIO_API_KEY instead. Create the key under Settings > " +
	"Developer.\n\nThe provider block also accepts client_id and client_secret, or api_key, but then the credentials " +
	"are in a file. API access needs the Plus or Premium plan."

// credential is one value of the credentials: from the provider block or, if the block does not set it, from
// the environment.
type credential struct {
	attribute string
	inBlock   bool
	value     string // "" = not set
	hidden    bool   // whether an empty value in the block hides the value in the environment
}

func newCredential(attribute string, configured types.String, env func(string) string) credential {
	c := credential{attribute: attribute, inBlock: !configured.IsNull()}
	fromEnv := env(variable(attribute))
	if c.inBlock {
		c.value = configured.ValueString()
		c.hidden = c.value == "" && fromEnv != ""
	} else {
		c.value = fromEnv
	}
	return c
}

// variable returns the environment variable of an attribute.
func variable(attribute string) string { return "TIDIO_" + strings.ToUpper(attribute) }

// name returns the attribute or variable that set the value.
func (c credential) name() string {
	if c.inBlock {
		return c.attribute
	}
	return variable(c.attribute)
}

// report adds an error about the value. If the block sets the attribute, the error is not on the attribute:
// the engine would show the line of the configuration, with the secret in it.
func (c credential) report(diags *diag.Diagnostics, summary, detail string) {
	if c.hidden {
		detail += fmt.Sprintf("\n\n%s is set to an empty value, which hides %s. Remove the empty attribute.",
			c.attribute, variable(c.attribute))
	}
	if c.inBlock && c.value != "" {
		diags.AddError(summary, detail)
	} else {
		diags.AddAttributeError(path.Root(c.attribute), summary, detail)
	}
}

// credentials returns the configured credentials, which select the API. The provider block takes precedence
// over the environment. If it sets credentials, variables of the other API are ignored.
func (m providerModel) credentials(env func(string) string, diags *diag.Diagnostics) tidio.Credentials {
	key := newCredential("api_key", m.APIKey, env)
	id := newCredential("client_id", m.ClientID, env)
	secret := newCredential("client_secret", m.ClientSecret, env)
	useKey, usePair := key.inBlock, id.inBlock || secret.inBlock
	if !useKey && !usePair {
		useKey, usePair = key.value != "", id.value != "" || secret.value != ""
	}
	switch {
	case useKey && usePair:
		reportBoth(diags, key, id, secret)
	case usePair:
		return pairOf(id, secret, diags)
	case useKey && key.value != "":
		parsed, err := tidio.ParseKey(key.value)
		if err != nil {
			key.report(diags, "Invalid Tidio API key", fmt.Sprintf("%s cannot be used: %s. Copy it again from "+
				"Settings > Developer in the Tidio panel.", key.name(), err))
		}
		return parsed
	default:
		key.attribute = "client_id" // the one to set, unless the block has an empty key
		if key.inBlock {
			key.attribute = "api_key"
		}
		key.report(diags, "Missing Tidio credentials", bothCredentials)
	}
	return nil
}

// pairOf returns a client id with its secret.
func pairOf(id, secret credential, diags *diag.Diagnostics) tidio.Credentials {
	for _, pair := range [][2]credential{{id, secret}, {secret, id}} {
		missing, other := pair[0], pair[1]
		if missing.value == "" {
			missing.report(diags, "Missing "+missing.attribute, fmt.Sprintf("The client id and the client secret are used "+
				"together, but only %s is set. Set %s, or %s in the provider block.", other.name(),
				variable(missing.attribute), missing.attribute))
			return nil
		}
	}
	parsed, flawed, err := tidio.ParseClientCredentials(id.value, secret.value)
	if err != nil {
		blamed := id
		if flawed == secret.attribute {
			blamed = secret
		}
		blamed.report(diags, "Invalid Tidio client credentials", fmt.Sprintf("%s and %s cannot be used: %s. Copy both again "+
			"from Developer > OpenAPI in the Tidio panel.", id.name(), secret.name(), err))
	}
	return parsed
}

// reportBoth reports that credentials for two APIs are configured.
func reportBoth(diags *diag.Diagnostics, key, id, secret credential) {
	var pair []string
	for _, c := range []credential{id, secret} {
		if c.inBlock == key.inBlock && (c.inBlock || c.value != "") {
			pair = append(pair, c.name())
		}
	}
	where, choose := "The environment has", "Unset one, or set the one to use in the provider block."
	if key.inBlock {
		where, choose = "The provider block has", "Remove one."
	}
	key.report(diags, "Credentials for two Tidio APIs are set", fmt.Sprintf("%s %s and %s, which belong to different "+
		"APIs. %s Use client_id and client_secret for the published API, or api_key for v1.",
		where, key.name(), strings.Join(pair, " and "), choose))
}
