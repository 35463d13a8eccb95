using System.Collections;
using System.Globalization;
using System.Text;

namespace PortMgmt.Operations;

/// <summary>The bound on an operation's metadata.</summary>
public static class OperationMetadata
{
    /// <summary>The most that an operation may carry, in bytes: keys and values as UTF-8 text, collections by what they hold.</summary>
    public const int MaxBytes = 4096;

    private const int MaxDepth = 8;

    /// <summary>Counts keys and values as UTF-8 text; collections and dictionaries by their content, each element as a byte at least, to a depth of 8. Counting ends beyond the bound.</summary>
    internal static int Measure(IReadOnlyDictionary<string, object?>? metadata)
    {
        int bytes = 0;
        if (metadata is null)
        {
            return 0;
        }

        foreach (KeyValuePair<string, object?> pair in metadata)
        {
            bytes += Encoding.UTF8.GetByteCount(pair.Key);
            Add(pair.Value, ref bytes, 0);
            if (bytes > MaxBytes)
            {
                break;
            }
        }

        return bytes;
    }

    /// <summary>Measures and fails with <see cref="OperationErrorCode.MetadataTooLarge"/> beyond the bound.</summary>
    internal static int Require(IReadOnlyDictionary<string, object?>? metadata, string? id)
    {
        int bytes = Measure(metadata);
        if (bytes <= MaxBytes)
        {
            return bytes;
        }

        throw new OperationException(
            OperationErrorCode.MetadataTooLarge,
            $"The metadata of operation '{id ?? "(no id)"}' is larger than {MaxBytes} bytes: "
            + "keep large values elsewhere and put a reference to them (a path, a key) into the metadata.");
    }

    /// <summary>Adds what a collection holds: even nothing takes room there, and may come without end.</summary>
    private static void AddElement(object? value, ref int bytes, int depth)
    {
        int before = bytes;
        Add(value, ref bytes, depth);
        if (bytes == before)
        {
            bytes++;
        }
    }

    private static void Add(object? value, ref int bytes, int depth)
    {
        if (bytes > MaxBytes)
        {
            return;
        }

        if (depth > MaxDepth)
        {
            // What is nested deeper than anyone reads may also refer to itself: counted as too large, never followed.
            bytes = MaxBytes + 1;
            return;
        }

        switch (value)
        {
            case null:
                break;
            case string text:
                bytes += Encoding.UTF8.GetByteCount(text);
                break;
            case byte[] blob:
                bytes += blob.Length;
                break;
            case IDictionary pairs:
                foreach (DictionaryEntry pair in pairs)
                {
                    AddElement(pair.Key, ref bytes, depth + 1);
                    Add(pair.Value, ref bytes, depth + 1);
                    if (bytes > MaxBytes)
                    {
                        break;
                    }
                }

                break;
            case IEnumerable items:
                foreach (object? item in items)
                {
                    AddElement(item, ref bytes, depth + 1);
                    if (bytes > MaxBytes)
                    {
                        break;
                    }
                }

                break;
            default:
                string? shown = Convert.ToString(value, CultureInfo.InvariantCulture);
                bytes += shown is null ? 0 : Encoding.UTF8.GetByteCount(shown);
                break;
        }
    }
}
