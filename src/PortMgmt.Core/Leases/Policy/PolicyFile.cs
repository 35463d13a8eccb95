using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Policy;

/// <summary>The policy as a small readable JSON file, written whole and renamed.</summary>
internal static class PolicyFile
{
    private const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // Some fifty thousand reservations.
    private const int MaxTextLength = 4 << 20;

    public static PortPolicy Read(HostPlatform platform, string path)
    {
        using SafeFileHandle? file = platform.OpenFile(path, readOnly: true);
        if (file is null)
        {
            return new PortPolicy();
        }

        try
        {
            PortPolicy policy = PolicyReader.Read(ReadText(file));
            PolicyRules.Check(policy);
            return policy;
        }
        catch (Exception e) when (e is FormatException or PortRegistryException)
        {
            throw new PortRegistryException(
                PortRegistryErrorCode.RegistryCorrupt,
                $"The policy '{path}' cannot be understood: {e.Message.TrimEnd('.')}. Correct the file, or remove it to have the defaults.",
                e);
        }
    }

    private static ReadOnlyMemory<byte> ReadText(SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file);
        if (length > MaxTextLength)
        {
            throw new FormatException($"it is longer than {MaxTextLength >> 20} MiB");
        }

        byte[] text = new byte[length];
        ReadOnlyMemory<byte> read = text.AsMemory(0, RandomAccess.Read(file, text, 0));
        return WithoutMark(read);
    }

    /// <summary>Editors and shells of Windows put a byte order mark in front, and may write two bytes a letter.</summary>
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> text)
    {
        foreach (Encoding encoding in (ReadOnlySpan<Encoding>)[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            ReadOnlySpan<byte> mark = encoding.Preamble;
            if (text.Span.StartsWith(mark))
            {
                ReadOnlyMemory<byte> rest = text[mark.Length..];
                return encoding is UTF8Encoding ? rest : Encoding.Convert(encoding, Encoding.UTF8, rest.ToArray());
            }
        }

        return text;
    }

    public static void Write(HostPlatform platform, string path, PortPolicy policy)
    {
        // A name that nobody can guess and a file that must be new: in a shared directory no link of another's is followed.
        string draft = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            platform.CreateFile(draft, shared: false);
            using (SafeFileHandle file = platform.OpenFile(draft) ?? throw new FileNotFoundException("The policy vanished while it was made.", draft))
            using (var stream = new FileStream(file, FileAccess.Write))
            {
                Write(stream, policy);
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(file, ReadableByAll);
                }
            }

            // Readers tell by the time stamp, whose clock may stand still for milliseconds.
            DateTime previous = File.GetLastWriteTimeUtc(path);
            if (File.GetLastWriteTimeUtc(draft) <= previous)
            {
                File.SetLastWriteTimeUtc(draft, previous.AddTicks(1));
            }

            platform.Replace(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Write(Stream stream, PortPolicy policy)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        if (policy.IsDefaultRangeSet)
        {
            json.WriteString("defaultRange", policy.DefaultRange.ToString());
        }

        json.WriteStartArray("exclude");
        foreach (PortRange range in policy.Exclude)
        {
            json.WriteStringValue(range.ToString());
        }

        json.WriteEndArray();
        json.WriteStartObject("reservations");
        foreach ((string name, int port) in policy.Reservations.OrderBy(static entry => entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            json.WriteNumber(name, port);
        }

        json.WriteEndObject();
        if (policy.MaxTimeToLive is { } limit)
        {
            json.WriteString("maxTimeToLive", limit.ToString("c", CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }
}
