<#
.SYNOPSIS
    Builds the module and shows it at work: what "dotnet run --project examples/Demo" starts.
.DESCRIPTION
    The build is done here and not by the project, since "dotnet run" says nothing while it builds.
#>
[CmdletBinding()]
param(
    # The operations of the batch.
    [int] $Count = 10000
)

$ErrorActionPreference = 'Stop'
$root = Convert-Path -Path (Join-Path $PSScriptRoot '../..')
$isFirst = -not (Test-Path -Path (Join-Path $root 'module/bin/any/PortMgmt.dll'))
"Building the module$($isFirst ? ', which may take a minute' : '') ..."
& dotnet build (Join-Path $root 'src/PortMgmt') --configuration Release --verbosity quiet --nologo --property:RunAnalyzers=false | Where-Object -FilterScript { $_ -match ': error ' }
if ($LASTEXITCODE -ne 0) {
    exit $LASTEXITCODE
}
& (Join-Path $root 'examples/demo.ps1') -Count $Count
