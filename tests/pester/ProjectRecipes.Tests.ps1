# The blocks of docs/recipes.md, run as they stand.
BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
    $page = Get-Content -LiteralPath (Join-Path $PSScriptRoot '../../docs/recipes.md') -Raw

    # The blocks of one language under a heading.
    function Get-RecipeBlock {
        param([string] $Heading, [string] $Language)
        $section = [regex]::Match($page, "(?ms)^## $([regex]::Escape($Heading))\n(.*?)(?=^## |\z)").Groups[1].Value
        [regex]::Matches($section, "(?ms)^``````$Language\n(.*?)^``````").ForEach({ $_.Groups[1].Value })
    }

    # Runs lines of sh in the project, and gives what they put out.
    function Invoke-RecipeScript {
        param([string[]] $Script, [string] $Directory = "$TestDrive/shop")
        Push-Location -Path $Directory
        try { $lines = & /bin/sh -eu -c ($Script -join "`n") } finally { Pop-Location }
        $LASTEXITCODE | Should -Be 0
        $lines
    }

    function Set-ProjectFile {
        param([string] $Name, [string] $Text)
        Set-Content -LiteralPath "$TestDrive/shop/$Name" -Value $Text -NoNewline
    }

    if (-not $IsWindows) {
        $program = Get-ChildItem -Path (Join-Path $PSScriptRoot '../../src/PortMgmt.Cli/bin/*/net10.0/portmgmt.dll') |
            Sort-Object -Property LastWriteTime |
            Select-Object -Last 1
        $null = New-Item -ItemType Directory -Path "$TestDrive/bin"
        Set-Content -Path "$TestDrive/bin/portmgmt" -Value '#!/bin/sh', "exec dotnet '$program' `"`$@`""
        & chmod +x "$TestDrive/bin/portmgmt"
    }
}

Describe 'The recipes for the ports of a project' -Skip:$IsWindows {
    BeforeEach {
        Use-TestRegistry
        $path = $env:PATH
        $env:PATH = "$TestDrive/bin:$path"
        $null = New-Item -ItemType Directory -Path "$TestDrive/shop"
        Set-ProjectFile -Name portmgmt.json -Text ([regex]::Match($page, '(?ms)^```json\n(.*?)^```').Groups[1].Value)
    }

    AfterEach {
        $env:PATH = $path
        Remove-Item -Path "$TestDrive/shop*" -Recurse -Force
        Clear-TestRegistry
    }

    It 'writes a .env that docker compose reads, with each variable that its file names' {
        $held = Invoke-RecipeScript -Script (Get-RecipeBlock -Heading 'docker compose' -Language sh), 'portmgmt lease list --state active --json'
        ($held | ConvertFrom-Json).name | Sort-Object | Should -Be 'db', 'web'

        # What compose takes without any rule of quoting or interpolation: a name, =, and characters that mean nothing else.
        $lines = Get-Content -LiteralPath "$TestDrive/shop/.env"
        $lines | ForEach-Object -Process { $_ | Should -Match '^[A-Z_]+=[0-9]+$' }
        $asked = [regex]::Matches((Get-RecipeBlock -Heading 'docker compose' -Language yaml), '\$\{(\w+):\?\}').ForEach({ $_.Groups[1].Value })
        $asked | Should -HaveCount 2
        ($lines -replace '=.*').Where({ $_ -in $asked }) | Should -HaveCount 2
    }

    It 'makes docker compose publish the leased ports' {
        # The plugin and the program alike need no engine to say what they make of a file.
        $compose = if ((Get-Command -Name docker -ErrorAction Ignore) -and (& docker compose version 2>$null)) { 'docker compose' }
        elseif (Get-Command -Name docker-compose -ErrorAction Ignore) { 'docker-compose' }
        if (-not $compose) {
            Set-ItResult -Skipped -Because 'there is no docker compose here'
        }
        Set-ProjectFile -Name compose.yaml -Text (Get-RecipeBlock -Heading 'docker compose' -Language yaml)
        $lines = Invoke-RecipeScript -Script (Get-RecipeBlock -Heading 'docker compose' -Language sh), 'cat .env', "$compose -f compose.yaml config"
        $published = $lines -match '^\s*-?\s*published:|^\s*- \d+:\d+' -replace '.*?(\d+).*', '$1'
        $leased = $lines -match '^[A-Z_]+=\d+$' -replace '.*='
        $published | Sort-Object | Should -Be ($leased | Sort-Object)
        $published | Should -HaveCount 2
    }

    It 'runs a script of package.json with the ports' {
        if (-not (Get-Command -Name npm -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'there is no npm here'
        }
        Set-ProjectFile -Name package.json -Text (Get-RecipeBlock -Heading 'A script of package.json' -Language json)
        Set-ProjectFile -Name server.js -Text 'console.log(process.env.WEB_PORT, process.env.DB_PORT, process.env.PORT)'
        $web, $db, $first = (Invoke-RecipeScript -Script (Get-RecipeBlock -Heading 'A script of package.json' -Language sh)) -split ' '
        [int] $web | Should -BeGreaterThan 1023
        [int] $db | Should -Not -Be $web
        $first | Should -Be $web
        Get-PortLease -State Active | Should -BeNullOrEmpty
    }

    It 'gives a launch profile its port, and goes before an applicationUrl' {
        # What dotnet would start says what it was told: nothing needs to be restored or built.
        Set-ProjectFile -Name shop.csproj -Text @'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <RunCommand>/bin/sh</RunCommand>
    <RunArguments>-c "echo $WEB_PORT $ASPNETCORE_URLS"</RunArguments>
  </PropertyGroup>
</Project>
'@
        $null = New-Item -ItemType Directory -Path "$TestDrive/shop/Properties"
        $profiles = (Get-RecipeBlock -Heading 'launchSettings.json' -Language json)
        $fixed = '{ "profiles": { "shop": { "commandName": "Project", "applicationUrl": "http://localhost:5123" } } }'
        $expanded, $given = (Get-RecipeBlock -Heading 'launchSettings.json' -Language sh).TrimEnd() -replace 'dotnet run', 'dotnet run --no-build'
        foreach ($case in @{ Settings = $profiles; Script = $expanded }, @{ Settings = $fixed; Script = $given }) {
            Set-ProjectFile -Name Properties/launchSettings.json -Text $case.Settings
            $port, $url = (Invoke-RecipeScript -Script $case.Script | Select-Object -Last 1) -split ' '
            [int] $port | Should -BeGreaterThan 1023
            $url | Should -BeExactly "http://localhost:$port"
        }
    }

    It 'gives each worker of pytest-xdist ports of its own, and the same again' {
        if (-not (Get-Command -Name python3 -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'there is no python3 here'
        }

        # pytest sets the variable for each worker; here the shell does.
        Set-ProjectFile -Name worker.py -Text ((Get-RecipeBlock -Heading 'Workers of pytest-xdist' -Language python) + "`nprint(lease('db'), lease('db'), lease('web'))`n")
        $run = 'for worker in gw0 gw1 gw0; do PYTEST_XDIST_WORKER=$worker python3 worker.py; done'
        $first, $second, $again = Invoke-RecipeScript -Script $run
        $first | Should -Be $again
        $ports = ($first + ' ' + $second) -split ' '
        $ports[0] | Should -Be $ports[1]
        $ports | Select-Object -Unique | Should -HaveCount 4
    }

    It 'gives the workers that pytest-xdist starts ports of their own' {
        # Another python3 may come before the one whose packages the system has.
        $python = 'python3', '/usr/bin/python3' | Where-Object -FilterScript { (Get-Command -Name $_ -ErrorAction Ignore) -and (& $_ -c 'import xdist; print(1)' 2>$null) } | Select-Object -First 1
        if (-not $python) {
            Set-ItResult -Skipped -Because 'there is no pytest-xdist here'
        }
        Set-ProjectFile -Name conftest.py -Text (Get-RecipeBlock -Heading 'Workers of pytest-xdist' -Language python)

        # Each worker waits for the other, so that both have a test to run however soon one of them is ready.
        Set-ProjectFile -Name test_ports.py -Text @'
import os, time
from conftest import lease


def check():
    worker = os.environ["PYTEST_XDIST_WORKER"]
    with open(worker, "w") as file:
        file.write(f"{lease('db')} {lease('db')} {lease('web')}")
    deadline = time.monotonic() + 300
    while not (os.path.exists("gw0") and os.path.exists("gw1")) and time.monotonic() < deadline:
        time.sleep(0.02)


def test_one():
    check()


def test_two():
    check()
'@
        $null = Invoke-RecipeScript -Script ((Get-RecipeBlock -Heading 'Workers of pytest-xdist' -Language sh) -replace '\bpython3\b', $python)
        $ports = 'gw0', 'gw1' | ForEach-Object -Process { (Get-Content -LiteralPath "$TestDrive/shop/$_") -split ' ' }
        $ports[0, 3] | Should -Be $ports[1, 4]
        $ports | Select-Object -Unique | Should -HaveCount 4
        Get-PortLease -State Active -Scope * | Should -BeNullOrEmpty
    }

    It 'gives each of two worktrees ports of its own, and the same again' {
        $blocks = Get-RecipeBlock -Heading 'Two worktrees side by side' -Language sh
        $blocks | Should -HaveCount 2

        # Without a preferred port, which whoever comes first has: these come one after the other.
        Set-ProjectFile -Name portmgmt.json -Text '{ "ports": { "web": {}, "db": {} } }'
        Set-ProjectFile -Name serve -Text "#!/bin/sh`necho `$PORT`n"
        Invoke-RecipeScript -Script 'chmod +x serve; git init -q; git config user.name t; git config user.email t@localhost; git config commit.gpgsign false; git add .; git commit -qm first'
        $one, $two = Invoke-RecipeScript -Script $blocks[0]
        $two | Should -Not -Be $one
        $auto = Invoke-RecipeScript -Script $blocks[1], $blocks[1]
        $auto[1] | Should -Not -Be $auto[0]
        $auto[2, 3] | Should -Be $auto[0, 1]
    }
}
