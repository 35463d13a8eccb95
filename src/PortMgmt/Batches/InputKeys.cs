using System.Buffers;
using System.Management.Automation;
using System.Text;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Batches;

/// <summary>
/// What the operations of one batch are known by from one process to the next. Ids and texts have the same keys on the command line, where
/// every operation is a text, so that either resumes what the other has begun. Not thread-safe.
/// </summary>
internal sealed class InputKeys
{
    private readonly JobLogKeys _keys = new();
    private readonly ArrayBufferWriter<byte> _value = new();

    /// <summary>The key of an operation's id, or of its input where it has none.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="obstacle">What of the input nothing is known by; null where there is a key.</param>
    /// <returns>Null where the input has no such thing.</returns>
    public string? TryMake(Operation<PSObject?> operation, out string? obstacle)
    {
        obstacle = null;
        if (operation.Id is { } id)
        {
            return JobLogKeys.OfId(id, operation.Type);
        }

        if (operation.Input is { BaseObject: string text } && Surrogates.ArePaired(text) && !AddedValues.AreIn(operation.Input))
        {
            return _keys.OfText(Encoding.UTF8.GetBytes(text));
        }

        _value.ResetWrittenCount();
        obstacle = new CanonicalWriter(_value).TryWrite(operation.Input);
        return obstacle is null ? _keys.OfValue(_value.WrittenSpan) : null;
    }
}
