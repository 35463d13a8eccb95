using System.Collections.Frozen;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Batches;

/// <summary>The values that an object was given, as by Add-Member, without those that say how it came and not what it is.</summary>
internal static class AddedValues
{
    /// <summary>What remoting and jobs add, another at each run.</summary>
    private static readonly FrozenSet<string> OfRemoting = Names("RunspaceId", "PSShowComputerName", "PSSourceJobInstanceId");

    /// <summary>What providers and cmdlets add to texts and other values that pass.</summary>
    private static readonly FrozenSet<string> OfProviders =
        Names("PSPath", "PSParentPath", "PSChildName", "PSDrive", "PSProvider", "ReadCount", "DisplayHint", "WriteInformationStream");

    /// <summary>Whether there are any.</summary>
    public static bool AreIn(PSObject value)
    {
        foreach (PSPropertyInfo property in value.Properties.Match("*", PSMemberTypes.NoteProperty | PSMemberTypes.ScriptProperty | PSMemberTypes.CodeProperty))
        {
            if (IsOwn(property, isCustomObject: false))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The properties that are the object's own, in the order of their names.</summary>
    public static List<PSPropertyInfo> Of(PSObject value, bool isCustomObject)
    {
        List<PSPropertyInfo> own = [.. value.Properties.Where(property => IsOwn(property, isCustomObject))];
        own.Sort(static (first, second) => string.CompareOrdinal(first.Name, second.Name));
        return own;
    }

    private static bool IsOwn(PSPropertyInfo property, bool isCustomObject) => property is PSNoteProperty or PSScriptProperty or PSCodeProperty
        && property.IsInstance
        && !OfRemoting.Contains(property.Name)
        && (isCustomObject || !OfProviders.Contains(property.Name));

    private static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
