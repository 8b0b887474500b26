package provider

import "github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

// identityByID returns the identity schema of an object: only its id. A name in it would block renames.
func identityByID(noun string) identityschema.Schema {
	return identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				Description:       "Id of the " + noun + " in Tidio.",
				RequiredForImport: true,
			},
		},
	}
}
