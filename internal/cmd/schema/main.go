// Command schema prints the provider's schemas as `terraform providers schema -json` does, but without an engine: an
// older engine leaves out the kinds of blocks that it does not know, and the documentation would lose their pages.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tidio-community/terraform-provider-tidio/internal/provider"
)

// providerName is the name under which tfplugindocs looks for the schemas; it does not find a full address.
const providerName = "tidio"

// object is an object of the JSON that Terraform prints.
type object = map[string]any

func main() {
	schemas, err := read(context.Background())
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(schemas)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// read asks the provider for its schemas.
func read(ctx context.Context) (object, error) {
	server := providerserver.NewProtocol6(provider.New("schema")())()
	all, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	return object{"format_version": "1.0", "provider_schemas": object{providerName: object{
		"provider":                   schemaOf(all.Provider),
		"resource_schemas":           convert(all.ResourceSchemas, schemaOf),
		"resource_identity_schemas":  convert(identities.IdentitySchemas, identityOf),
		"data_source_schemas":        convert(all.DataSourceSchemas, schemaOf),
		"ephemeral_resource_schemas": convert(all.EphemeralResourceSchemas, schemaOf),
		"list_resource_schemas":      convert(all.ListResourceSchemas, schemaOf),
		"action_schemas": convert(all.ActionSchemas, func(a *tfprotov6.ActionSchema) object {
			return schemaOf(a.Schema)
		}),
	}}}, nil
}

func convert[From any](from map[string]From, one func(From) object) object {
	converted := object{}
	for name, item := range from {
		converted[name] = one(item)
	}
	return converted
}

// schemaOf converts a schema. The provider has no nested blocks.
func schemaOf(s *tfprotov6.Schema) object {
	return object{"version": s.Version, "block": object{
		"attributes":       attributesOf(s.Block.Attributes),
		"description":      s.Block.Description,
		"description_kind": strings.ToLower(s.Block.DescriptionKind.String()),
	}}
}

func attributesOf(from []*tfprotov6.SchemaAttribute) object {
	attributes := object{}
	for _, a := range from {
		attribute := object{
			"description":      a.Description,
			"description_kind": strings.ToLower(a.DescriptionKind.String()),
			"required":         a.Required,
			"optional":         a.Optional,
			"computed":         a.Computed,
			"sensitive":        a.Sensitive,
		}
		if nested := a.NestedType; nested != nil {
			attribute["nested_type"] = object{
				"attributes":   attributesOf(nested.Attributes),
				"nesting_mode": strings.ToLower(nested.Nesting.String()),
			}
		} else {
			attribute["type"] = a.Type // already encodes to Terraform's JSON
		}
		attributes[a.Name] = attribute
	}
	return attributes
}

func identityOf(s *tfprotov6.ResourceIdentitySchema) object {
	attributes := object{}
	for _, a := range s.IdentityAttributes {
		attributes[a.Name] = object{
			"type": a.Type, "description": a.Description,
			"required_for_import": a.RequiredForImport, "optional_for_import": a.OptionalForImport,
		}
	}
	return object{"version": s.Version, "attributes": attributes}
}
