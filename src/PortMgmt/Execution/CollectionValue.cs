using System.Collections;
using System.Management.Automation;
using PortMgmt.PowerShell.Affinity;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Execution;

/// <summary>
/// A list or table as PowerShell has it, but with a text of what is in it: Export-Csv and ConvertTo-Html write the text of a value, which
/// would be the name of its type. It is in a wrapper of the engine's own type and no other, since the engine takes a derived one for
/// itself: it would hand the wrapper on to methods of .NET, and not come to an end with some. The wrapper alone knows of the text; nothing
/// is added to the list.
/// </summary>
internal static class CollectionValue
{
    /// <summary>The value itself, or where it is a list or table that nobody added anything to, one with a text.</summary>
    /// <param name="value">Any value.</param>
    public static object? Wrap(object? value)
    {
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is not ICollection collection || HasOwn(value!, collection))
        {
            return value;
        }

        var listed = new PSObject(collection);
        WrapperMembers.TryAdd(listed, new CollectionTextMethod(collection));
        return listed;
    }

    // Members and names of types that others gave it, as those that come from another session have.
    private static bool HasOwn(object value, ICollection collection) =>
        (EngineInternals.IsComplete && EngineInternals.MembersOf(value) is not null)
        || (value is PSObject wrapped && wrapped.TypeNames is [var name, ..] && name != collection.GetType().FullName);
}
