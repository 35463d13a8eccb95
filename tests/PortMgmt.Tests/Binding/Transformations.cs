using System.Management.Automation;

namespace PortMgmt.Tests.Binding;

/// <summary>Calls an attribute as the engine does when it binds a parameter; none of them looks at the engine itself.</summary>
internal static class Transformations
{
    public static object? Transform(this ArgumentTransformationAttribute attribute, object? given) => attribute.Transform(null!, given!);
}
