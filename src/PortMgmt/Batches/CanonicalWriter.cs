using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PortMgmt.PowerShell.Batches;

/// <summary>
/// Writes a value as bytes that are the same in every process and different for any other value: text, numbers, dates and the like,
/// enums, files by their path, and lists, dictionaries and custom objects of these, in a fixed order and to any depth.
/// </summary>
/// <param name="output">Where to.</param>
internal readonly struct CanonicalWriter(IBufferWriter<byte> output)
{
    /// <summary>Writes a value.</summary>
    /// <returns>Null, or what of the value cannot be written; what was written is then worth nothing.</returns>
    public string? TryWrite(object? value)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return "a value that is nested too deep, or that holds itself";
        }

        var wrapped = value as PSObject;
        object? plain = wrapped is null ? value : wrapped.BaseObject;
        if (plain is PSCustomObject)
        {
            return WriteMembers('o', wrapped!, isCustomObject: true);
        }

        if (plain is FileSystemInfo file)
        {
            Write('f', PathOf(file));
            return null;
        }

        // Two equal texts or numbers that were given different members are different inputs.
        return wrapped is not null && AddedValues.AreIn(wrapped)
            ? WriteMembers('x', wrapped, isCustomObject: false) ?? WritePlain(plain)
            : WritePlain(plain);
    }

    private static string PathOf(FileSystemInfo file)
    {
        string path = Path.TrimEndingDirectorySeparator(file.FullName);
        return OperatingSystem.IsWindows() ? path.ToUpperInvariant() : path;
    }

    private string? WritePlain(object? value)
    {
        switch (value)
        {
            case null:
                Write('n', 0);
                return null;
            case string text:
                Write('s', text);
                return null;
            case IDictionary table:
                return WriteTable(table);
            case DictionaryEntry pair:
                Write('p', 1);
                return TryWrite(pair.Key) ?? TryWrite(pair.Value);
            case Array { Rank: > 1 }:
                return Describe(value);
            case IList list:
                return WriteList(list);
            default:
                return WriteSimple(value);
        }
    }

    private string? WriteSimple(object value)
    {
        Type type = value.GetType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
        {
            PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(value).Properties;
            Write('p', 1);
            return TryWrite(properties["Key"].Value) ?? TryWrite(properties["Value"].Value);
        }

        if (SimpleText.TryGet(value) is not { } text)
        {
            return Describe(value);
        }

        Write('v', type.FullName!);
        Write('=', text);
        return null;
    }

    private string? WriteList(IList list)
    {
        Write('l', list.Count);
        foreach (object? item in list)
        {
            if (TryWrite(item) is { } obstacle)
            {
                return obstacle;
            }
        }

        return null;
    }

    private string? WriteTable(IDictionary table)
    {
        List<(byte[] Key, object? Value)> pairs = new(table.Count);
        foreach (DictionaryEntry pair in table)
        {
            ArrayBufferWriter<byte> key = new();
            if (new CanonicalWriter(key).TryWrite(pair.Key) is { } obstacle)
            {
                return obstacle;
            }

            pairs.Add((key.WrittenSpan.ToArray(), pair.Value));
        }

        pairs.Sort(static (first, second) => first.Key.AsSpan().SequenceCompareTo(second.Key));
        Write('d', pairs.Count);
        foreach ((byte[] key, object? value) in pairs)
        {
            output.Write(key);
            if (TryWrite(value) is { } obstacle)
            {
                return obstacle;
            }
        }

        return null;
    }

    /// <summary>The members of a custom object, or those that were given to any other, by name.</summary>
    private string? WriteMembers(char tag, PSObject value, bool isCustomObject)
    {
        List<PSPropertyInfo> members = AddedValues.Of(value, isCustomObject);
        Write(tag, members.Count);
        foreach (PSPropertyInfo member in members)
        {
            if (member is not PSNoteProperty)
            {
                return $"the script property '{member.Name}'";
            }

            Write('m', member.Name);
            if (TryWrite(member.Value) is { } obstacle)
            {
                return obstacle;
            }
        }

        return null;
    }

    private static string Describe(object value) => "a " + PSObject.AsPSObject(value).TypeNames[0];

    private void Write(char tag, string text)
    {
        Write(tag, text.Length);
        output.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private void Write(char tag, int count)
    {
        Span<byte> head = output.GetSpan(1 + sizeof(int));
        head[0] = (byte)tag;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], count);
        output.Advance(1 + sizeof(int));
    }
}
