using System.Management.Automation;
using PortMgmt.Heads;

namespace PortMgmt.PowerShell.Binding;

/// <summary>Takes the name of an environment variable that every shell can read, as <c>portmgmt run --env</c> does.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateVariableNameAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is not string name || !PortEnvironment.IsName(name))
        {
            throw new ValidationMetadataException($"'{arguments}' is no name of an environment variable. {PortEnvironment.NameRule}");
        }
    }
}
