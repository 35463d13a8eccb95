using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Heads.Projects;

/// <summary>Reads a project file's bytes: a regular file of a bounded size, and nothing that a read would wait for.</summary>
internal static class ProjectText
{
    /// <summary>The most bytes that a project file may have.</summary>
    public const int MaxLength = 64 << 10;

    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    /// <summary>Reads it; a mark of UTF-8 in front is left out, as editors of Windows write it.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.ProjectFileNotFound"/>.</exception>
    /// <exception cref="ProjectFaultException">It cannot be read, or is none.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        try
        {
            string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            using SafeFileHandle file = HostPlatform.Current.OpenFile(target, readOnly: true) ?? throw NotFile(path);
            ReadOnlyMemory<byte> text = ReadAll(file);
            return text.IsEmpty ? throw new ProjectFaultException("", "It is empty. Write at least {\"ports\": {\"web\": {}}}.")
                : text.Span.StartsWith(Mark) ? text[Mark.Length..]
                : text.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || text.Span.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
                    ? throw new ProjectFaultException("", "It is text of UTF-16. Save it as UTF-8.")
                    : text;
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            throw NotFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ProjectFaultException("", $"It cannot be read ({e.Message.TrimEnd('.')}). Name a regular file that this user may read.");
        }
    }

    private static ReadOnlyMemory<byte> ReadAll(SafeFileHandle file)
    {
        byte[] text = new byte[MaxLength + 1];
        int length = 0;
        while (length < text.Length && RandomAccess.Read(file, text.AsSpan(length), length) is > 0 and int read)
        {
            length += read;
        }

        return length <= MaxLength ? text.AsMemory(0, length) : throw new ProjectFaultException(
            "", string.Create(CultureInfo.InvariantCulture, $"It is longer than {MaxLength >> 10} KiB, which no project file needs to be. Name another."));
    }

    // /dev/stdin and /dev/fd/N lead to pipes, which have no path to be opened by.
    private static Exception NotFile(string path) => File.Exists(path)
        ? new ProjectFaultException("", "It is a pipe or another stream. Name a regular file that this user may read: a project's scope is the directory of its file.")
        : NotFound(path);

    /// <summary>There is no such file.</summary>
    public static PortRegistryException NotFound(string path) => new(
        PortRegistryErrorCode.ProjectFileNotFound,
        $"There is no project file '{path}'{(Path.GetFileName(path) == "-" ? ", and none is read from standard input" : "")}. Name one, go to the directory that has a {ProjectFile.DefaultName}, or make it: {{\"ports\": {{\"web\": {{}}}}}}. Nothing was leased.");
}
