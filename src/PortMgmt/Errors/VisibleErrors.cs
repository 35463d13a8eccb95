using System.Management.Automation;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Errors;

/// <summary>Errors whose message names what comes from others: programs, inputs, ids.</summary>
internal static class VisibleErrors
{
    /// <summary>Makes a record that shows the control characters of its message written out; the exception keeps the message as it is.</summary>
    public static ErrorRecord Create(Exception failure, string id, ErrorCategory category, object? target)
    {
        var record = new ErrorRecord(failure, id, category, target);
        string message = VisibleText.FromLines(failure.Message);
        if (message != failure.Message)
        {
            record.ErrorDetails = new ErrorDetails(message);
        }

        return record;
    }
}
