package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// The name of a property in the account may be another one than its configuration says: the API may rewrite it at
// the creation, and people rename properties in the Tidio panel. Neither is a reason to create another property,
// which nobody could delete. So private state has the name that was configured last: as long as the configuration
// still says that one, a plan keeps the property as it is, and warns.

// namesInTidio warns that a plan keeps properties under the names that they have in the account.
func namesInTidio(configured, actual string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("name"), "Properties have other names in Tidio",
		fmt.Sprintf("Tidio has changed the names, or somebody has renamed the properties in the Tidio panel. Terraform "+
			"changes nothing. Set each name to what the account has; `plan -json` has a warning for each. One is:\n\n"+
			"  Configured:  %s\n  In Tidio:    %s\n\n  name = %[2]s", hclString(configured), hclString(actual)))
}

// createdAsAnother warns that the API has given a new property another name.
func createdAsAnother(planned, actual, id string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("name"),
		fmt.Sprintf("Property %q has another name in Tidio", planned),
		fmt.Sprintf("Tidio has created it as %q (id %q). Set that name in the configuration:\n\n  name = %s\n\n"+
			"Until then, plans keep the property as it is, and warn.", actual, id, hclString(actual)))
}

// importedAsAnother says that the configuration has another name than the property that it imports.
func importedAsAnother(planned, actual string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("name"),
		fmt.Sprintf("The property to import is not named %q", planned),
		fmt.Sprintf("The API cannot rename a property. Set the name that it has in Tidio:\n\n  name = %s", hclString(actual)))
}

// replacedUnderOldName says that a replacement would create a property that the account has under another name.
func replacedUnderOldName(planned, actual string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("name"),
		fmt.Sprintf("Property %q has another name in Tidio", planned),
		fmt.Sprintf("In Tidio it is %q. This plan would create another property, and neither can be deleted. Set the name "+
			"that it has:\n\n  name = %s\n\nThen leave out -replace, or run `terraform untaint`. If you do want a second "+
			"property, first take the existing one out of the state with `terraform state rm`.", actual, hclString(actual)))
}
