using System.Runtime.Versioning;
using System.Text;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>Finds the files of commands; the usual batch runs one command and looks it up once. Not thread-safe.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class CommandFile
{
    private static readonly Encoding Bytes = Encoding.Latin1;

    private readonly string? _searchPath = ProcessReplacement.Variable("PATH");
    private byte[] _command = [];
    private string _path = "";

    /// <summary>The file of a command, in Latin-1, one character a byte.</summary>
    /// <exception cref="CommandFailedException">There is none, or it may not be executed.</exception>
    public string Find(byte[] command)
    {
        if (_path.Length == 0 || !command.AsSpan().SequenceEqual(_command))
        {
            _path = ExecutablePath.Find(Bytes.GetString(command), _searchPath);
            _command = command;
        }

        return _path;
    }
}
