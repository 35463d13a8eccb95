using System.Management.Automation;
using PortMgmt.Heads;

namespace PortMgmt.PowerShell.Binding;

/// <summary>Takes the name of an environment variable that every shell can read and that may have a port, as <c>portmgmt run --env</c> does.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateVariableNameAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        string? fault = PortEnvironment.FindFault(arguments as string ?? "");
        if (fault is not null)
        {
            throw new ValidationMetadataException(fault);
        }
    }
}
