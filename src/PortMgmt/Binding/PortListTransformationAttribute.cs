using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace PortMgmt.PowerShell.Binding;

/// <summary>Takes ports as numbers, as text with commas (<c>'9910,9912'</c>), and as arrays of these; none for an empty cell.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PortListTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        List<object> ports = [];
        Collect(inputData, ports);
        return ports.ToArray();
    }

    private static void Collect(object? value, List<object> ports)
    {
        switch (value is PSObject wrapped ? wrapped.BaseObject : value)
        {
            case null:
                break;
            case string text:
                foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    ports.Add(int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int port)
                        ? port
                        : throw new ArgumentTransformationMetadataException("'" + part + "' is no whole number."));
                }

                break;
            case IEnumerable items:
                foreach (object? item in items)
                {
                    Collect(item, ports);
                }

                break;
            case object number:
                ports.Add(number);
                break;
        }
    }
}
