using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Binding;

/// <summary>
/// Finds what comes through a pipeline and merely has the properties of a lease. The engine binds by name, so that the name of a process,
/// a file or a service would be taken for that of a lease, and the wrong lease be ended.
/// </summary>
internal static class PipedObject
{
    private const string Row = "System.Management.Automation.PSCustomObject";
    private const string Copied = "Deserialized.";

    // What jobs, sessions and Clixml, Select-Object, and a CSV file with types put before the name of a type.
    private static readonly string[] Marks = [Copied, "Selected.", "CSV:"];

    // Ours that tell of one lease or port; what else is ours, such as a daemon, has a name of its own.
    private static readonly HashSet<string> Ours =
    [
        "PortMgmt.Leases.PortLease", "PortMgmt.Leases.PortAvailability", "PortMgmt.Leases.StalePort", "PortMgmt.Listeners.PortListener",
        "PortMgmt.PowerShell.Execution.PortEnvironmentVariable",
    ];

    private static readonly HashSet<string> Rows = [Row, "System.Data.DataRow", "System.Data.DataRowView"];

    /// <summary>What speaks against taking the properties of an object for those of a lease; null for nothing.</summary>
    /// <param name="value">The object.</param>
    /// <param name="changes">Whether the lease would be changed or ended: then it must be one, a row that somebody wrote, or a text.</param>
    public static string? FindFault(object? value, bool changes)
    {
        object? plain = ListArgument.Unwrap(value);
        if (plain is null or Array or Process or IConvertible)
        {
            return null;
        }

        if (plain is IDictionary)
        {
            return "The keys of a hashtable are not looked at. Write [pscustomobject]@{ Name = 'web' } for a row, or splat it: @row.";
        }

        string type = plain is PSCustomObject ? FindType(((PSObject)value!).TypeNames) : plain.GetType().FullName ?? "";
        if (plain is PSCustomObject && type == typeof(Process).FullName)
        {
            return "It is a copy of a process, as Select-Object, jobs and sessions give: its name is not that of a lease, and its id may be another process's by now. "
                + "Pipe Get-Process itself, or give -ProcessId.";
        }

        return changes ? FindFaultForChange(value, plain, type) : null;
    }

    private static string? FindFaultForChange(object? value, object plain, string type)
    {
        if (Ours.Contains(type) || (Rows.Contains(type) && !IsAmbiguous(value)) || plain.GetType().Assembly.IsDynamic)
        {
            return null;
        }

        return Rows.Contains(type)
            ? "It has a name and a process id, but neither port nor token: is the name that of a lease or of a process? Give -Name or -ProcessId, or pipe the names as text."
            : "An object of type " + type + " is no lease, and its name is not taken for that of one. "
                + "Pipe leases, names as text (ForEach-Object Name), or rows with Name, Port or Token.";
    }

    // The type that an object without one of its own had, or a row: whatever else somebody calls his rows.
    private static string FindType(Collection<string> names)
    {
        string first = WithoutMarks(names[0]);
        bool isMarked = first.Length < names[0].Length;
        bool isCopiedRow = names[0].StartsWith(Copied, StringComparison.Ordinal) && names.Contains(Copied + Row)
            && first.Length == names[0].Length - Copied.Length;
        return isMarked && !isCopiedRow ? first : Row;
    }

    private static string WithoutMarks(string name) =>
        Array.Find(Marks, mark => name.StartsWith(mark, StringComparison.Ordinal)) is { } found ? WithoutMarks(name[found.Length..]) : name;

    private static bool IsAmbiguous(object? value)
    {
        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(value!).Properties;
        return properties["ProcessId"] is not null && properties["Name"] is not null && properties["Port"] is null && properties["Token"] is null;
    }
}
