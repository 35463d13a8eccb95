using System.Collections;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Errors;

/// <summary>
/// What the engine leaves on exceptions that pass through interpreted scripts: their frames, under a type as the key. Nothing needs them
/// once an operation has ended, and ConvertTo-Json refuses a dictionary whose keys are no texts.
/// </summary>
internal static class EngineData
{
    /// <summary>Removes it from an error and all that it wraps.</summary>
    public static void RemoveFrom(ErrorRecord error)
    {
        for (Exception? exception = error.Exception; exception is not null; exception = exception.InnerException)
        {
            IDictionary data = exception.Data;
            if (data.Count > 0 && !data.IsReadOnly)
            {
                foreach (Type key in data.Keys.OfType<Type>().ToArray())
                {
                    data.Remove(key);
                }
            }
        }
    }
}
