using System.Management.Automation;
using System.Reflection;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>What is there to hold another value, and may call it: a reference, an error, a method of an object.</summary>
internal static class ValueHolders
{
    public static bool Is(Type type) => typeof(PSMemberInfo).IsAssignableFrom(type) || typeof(PSReference).IsAssignableFrom(type)
        || typeof(PSVariable).IsAssignableFrom(type) || type == typeof(ErrorRecord) || typeof(Exception).IsAssignableFrom(type)
        || typeof(MethodBase).IsAssignableFrom(type);

    /// <summary>The values that it holds, and the class that a method is of.</summary>
    public static IEnumerable<object?> ValuesOf(object holder) => holder switch
    {
        PSMemberInfo member => [EngineInternals.OwnerOf(member)],
        PSReference reference => [reference.Value],
        PSVariable variable => [variable.Value],
        ErrorRecord error => [error.TargetObject, error.Exception],
        Exception exception => [exception.Data, exception.InnerException],
        MethodBase method => [method.DeclaringType],
        _ => [],
    };

    /// <summary>The objects whose methods a delegate calls, and their classes.</summary>
    public static IEnumerable<object?> ValuesOf(Delegate made) =>
        made.GetInvocationList().SelectMany(static called => new[] { called.Target, called.Method.DeclaringType });

    /// <summary>What a collection asks which of its elements are equal; null for none.</summary>
    public static object? ComparerOf(object collection) => PropertyOf(collection.GetType())?.GetValue(collection);

    /// <summary>Whether a collection of that type may ask somebody which of its elements are equal.</summary>
    public static bool HasComparer(Type type) => PropertyOf(type) is not null;

    private static PropertyInfo? PropertyOf(Type type) => type.GetProperty("Comparer", BindingFlags.Instance | BindingFlags.Public);
}
