using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PortMgmt.Ports;

namespace PortMgmt.PowerShell.Binding;

/// <summary>Takes ranges as people write them: <c>'20000-20100'</c>, <c>8080</c>, <c>'8080, 9000-9100'</c>, and arrays of these; nothing for an empty cell.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PortRangeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? plain = Unwrap(inputData);
        if (plain is null or PortRange or PortRange[])
        {
            return plain;
        }

        List<PortRange> ranges = [];
        Collect(plain, ranges);
        return ranges.Count switch
        {
            0 => plain is string ? null : Array.Empty<PortRange>(),
            1 => ranges[0],
            _ => ranges.ToArray(),
        };
    }

    private static void Collect(object? value, List<PortRange> ranges)
    {
        switch (Unwrap(value))
        {
            case null:
                break;
            case PortRange range:
                ranges.Add(range);
                break;
            case string text:
                foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    ranges.Add(Parse(part));
                }

                break;
            case IEnumerable items:
                foreach (object? item in items)
                {
                    Collect(item, ranges);
                }

                break;
            case object other:
                ranges.Add(Parse(Convert.ToString(other, CultureInfo.InvariantCulture) ?? ""));
                break;
        }
    }

    private static PortRange Parse(string text)
    {
        try
        {
            return PortRange.Parse(text);
        }
        catch (FormatException failure)
        {
            throw new ArgumentTransformationMetadataException(failure.Message, failure);
        }
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
