using System.Globalization;
using System.Management.Automation;
using System.Text;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;

namespace PortMgmt.PowerShell.Batches;

/// <summary>
/// What an operation is known by from one process to the next. Ids and texts have the same keys on the command line, where every
/// operation is a text, so that either resumes what the other has begun.
/// </summary>
internal static class InputHash
{
    /// <summary>How deep an input is looked into.</summary>
    private const int Depth = 2;

    /// <summary>The operation's id, marked as such; without one a hash of its input.</summary>
    public static string KeyOf(Operation<PSObject?> operation) => operation switch
    {
        { Id: { } id } => JobLogKey.OfId(id),
        { Input.BaseObject: string text } => JobLogKey.OfText(Encoding.UTF8.GetBytes(text)),
        _ => JobLogKey.OfValue(TextOf(operation.Input)),
    };

    // Numbers are most of all other inputs and need no serializer; their type is part of them.
    private static string TextOf(PSObject? input) => input?.BaseObject switch
    {
        null => "",
        IConvertible simple when simple.GetType().IsPrimitive => simple.GetType().Name + Convert.ToString(simple, CultureInfo.InvariantCulture),
        _ => PSSerializer.Serialize(input, Depth),
    };
}
