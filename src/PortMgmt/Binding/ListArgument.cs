using System.Management.Automation;

namespace PortMgmt.PowerShell.Binding;

/// <summary>Sees an argument as the engine does that makes an array of it: an array or a list of any kind, wrapped or not, has elements.</summary>
internal static class ListArgument
{
    /// <summary>The elements; null for what is one value: a text, a table, an object.</summary>
    /// <param name="argument">What was given.</param>
    public static object?[]? FindElements(object? argument)
    {
        object? plain = Unwrap(argument);
        return plain is not string && LanguagePrimitives.GetEnumerable(plain) is { } items ? [.. items.Cast<object?>()] : null;
    }

    /// <summary>The object itself, without what the engine wraps it in.</summary>
    /// <param name="argument">What was given.</param>
    public static object? Unwrap(object? argument) => argument is PSObject wrapped ? wrapped.BaseObject : argument;
}
