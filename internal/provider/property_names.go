package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// The name of a property in the account may differ from its configuration: the API may rewrite it during the create,
// and people rename properties in the Tidio panel. Neither is a reason to create a second property, because nobody
// could delete it. So private state records the last configured name. As long as the configuration has this name, a
// plan leaves the property as it is, and warns.

// namesInTidio warns that a plan keeps the names that properties have in the account.
func namesInTidio(configured, actual string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("name"), "Properties have different names in Tidio",
		fmt.Sprintf("Tidio changed the names, or somebody renamed the properties in the Tidio panel. Terraform changes "+
			"nothing. Set each name to the one in Tidio. `plan -json` lists every such property. One is:\n\n"+
			"  Configured:  %s\n  In Tidio:    %s\n\n  name = %[2]s", hclString(configured), hclString(actual)))
}

// createdAsAnother warns that the API created a property under a different name.
func createdAsAnother(planned, actual, id string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("name"),
		fmt.Sprintf("Property %q has a different name in Tidio", planned),
		fmt.Sprintf("Tidio created it as %q (id %q). Set that name in the configuration:\n\n  name = %s\n\n"+
			"Until then, each plan leaves the property as it is, and warns.", actual, id, hclString(actual)))
}

// importedAsAnother returns the error for an import whose configuration has a different name than the property.
func importedAsAnother(planned, actual string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("name"),
		fmt.Sprintf("The property to import is not named %q", planned),
		fmt.Sprintf("The API cannot rename a property. Set name to the one in Tidio:\n\n  name = %s", hclString(actual)))
}

// replacedUnderOldName returns the error for a replacement of a property that has a different name in the account.
func replacedUnderOldName(planned, actual string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("name"),
		fmt.Sprintf("Property %q has a different name in Tidio", planned),
		fmt.Sprintf("Its name in Tidio is %q. This plan would create a second property, and the API can delete neither. Set "+
			"name to the one in Tidio:\n\n  name = %s\n\nThen remove -replace, or run `terraform untaint`. If you want a "+
			"second property, first remove the existing one from the state with `terraform state rm`.", actual,
			hclString(actual)))
}
